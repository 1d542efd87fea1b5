// Lenses, hovers and activation, as the editor asks for them.
import assert from 'node:assert/strict';
import { commands, extensions, Position, workspace, type CodeLens, type Hover, type MarkdownString } from 'vscode';
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
});
