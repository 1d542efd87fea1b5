// Lenses, hovers and activation, as the editor asks for them.
import assert from 'node:assert/strict';
import {
  commands,
  extensions,
  Position,
  workspace,
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type CodeLens,
  type Hover,
  type Location,
  type MarkdownString,
  type Uri,
} from 'vscode';
import { extensionId, fileOf, find, services, until } from './support.ts';

async function lensesOf(path: string): Promise<readonly CodeLens[]> {
  const uri = fileOf(path);
  await workspace.openTextDocument(uri);
  return until(`lenses in ${path}`, async () => {
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    return lenses.length > 0 ? lenses : undefined;
  });
}

async function hoverText(path: string, on: string, inside = 0): Promise<string> {
  const document = await workspace.openTextDocument(fileOf(path));
  const { line, character } = find(document.getText(), on);
  const hovers = await until(`a hover on ${on}`, async () => {
    const found = await commands.executeCommand<Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new Position(line, character + inside),
    );
    return found.length > 0 ? found : undefined;
  });
  return hovers.flatMap((hover) => hover.contents.map((content) => (content as MarkdownString).value)).join('\n');
}

/** Place of a word in the first line that has `text`. */
async function placeIn(path: string, text: string, word: string): Promise<{ uri: Uri; at: Position }> {
  const document = await workspace.openTextDocument(fileOf(path));
  const { line } = find(document.getText(), text);
  return { uri: document.uri, at: new Position(line, document.lineAt(line).text.indexOf(word)) };
}

describe('editor', () => {
  it('activates in a kernel tree and contributes every command it declares', async () => {
    await services();
    const declared = (extensions.getExtension(extensionId)?.packageJSON as { contributes: { commands: { command: string }[] } }).contributes
      .commands;
    const known = await commands.getCommands(true);
    for (const { command } of declared) assert.ok(known.includes(command), `${command} has no code`);
  });

  it('offers a trace on memory_failure', async () => {
    const lenses = await lensesOf('mm/memory-failure.c');
    const document = await workspace.openTextDocument(fileOf('mm/memory-failure.c'));
    const trace = lenses.find(
      (lens) =>
        lens.command?.command === 'daxtrace.traceMemoryFailure' && document.lineAt(lens.range.start.line).text.includes('memory_failure('),
    );
    assert.ok(trace, lenses.map((lens) => `${lens.range.start.line}: ${lens.command?.title ?? ''}`).join('\n'));
  });

  it('leads from an ops table to the places that register it', async () => {
    const lenses = await lensesOf('fs/xfs/xfs_notify_failure.c');
    const titles = lenses.map((lens) => lens.command?.title ?? '');
    assert.ok(
      titles.some((title) => /registered/i.test(title)),
      titles.join('\n'),
    );
    assert.ok(
      lenses.some((lens) => lens.command?.command === 'daxtrace.goTo'),
      titles.join('\n'),
    );
  });

  it('hovers with units and the lines they come from', async () => {
    const text = await hoverText('drivers/dax/super.c', 'dax_holder_notify_failure(', 3);
    assert.match(text, /bytes/);
    assert.match(text, /\]\((file|vscode-remote):[^)]*#L?\d+\)/);
  });

  it('has a call hierarchy that goes through ops slots, and says so', async () => {
    const { uri, at } = await placeIn('drivers/dax/super.c', 'int dax_holder_notify_failure(', 'dax_holder_notify_failure');
    const [item] = await commands.executeCommand<CallHierarchyItem[]>('vscode.prepareCallHierarchy', uri, at);
    assert.equal(item?.name, 'dax_holder_notify_failure');
    const below = await commands.executeCommand<CallHierarchyOutgoingCall[]>('vscode.provideOutgoingCalls', item);
    const holder = below.find(({ to }) => to.name === 'xfs_dax_notify_failure')?.to;
    assert.ok(holder, below.map(({ to }) => to.name).join(' '));
    assert.match(holder.detail ?? '', /dax_holder_operations\.notify_failure/);
    assert.ok(below.some(({ to }) => to.name === 'dax_read_lock' && to.detail === 'drivers/dax/super.c'));
    const above = await commands.executeCommand<CallHierarchyIncomingCall[]>('vscode.provideIncomingCalls', holder);
    assert.deepEqual(
      above.map(({ from }) => from.name),
      ['dax_holder_notify_failure'],
    );
  });

  it('goes from a slot to its implementations', async () => {
    const { uri, at } = await placeIn('drivers/dax/super.c', 'ops->notify_failure(', 'notify_failure');
    const found = await commands.executeCommand<Location[]>('vscode.executeImplementationProvider', uri, at);
    assert.deepEqual(
      found.map((location) => workspace.asRelativePath(location.uri)),
      ['fs/xfs/xfs_notify_failure.c'],
    );
  });
});
