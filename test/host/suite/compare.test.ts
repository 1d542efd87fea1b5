// Comparisons: designs side by side, and a tree with its unsaved edit.
import assert from 'node:assert/strict';
import { commands, Range, workspace, WorkspaceEdit } from 'vscode';
import type { FinishedComparison } from '../../../src/host/compare-runner.ts';
import type { CompareCell } from '../../../src/protocol/compare-view.ts';
import { fileOf, find, panelTabs, undoEverything, until } from './support.ts';

const compare = (command: string, preset: string, sides?: readonly string[]): Thenable<FinishedComparison | undefined> =>
  commands.executeCommand(`daxtrace.${command}`, { preset, ...(sides === undefined ? {} : { sides }) });

function row({ view }: FinishedComparison, name: string): readonly CompareCell[] {
  const groups = [...view.injections.flatMap((injection) => injection.groups), ...view.end];
  const found = groups.flatMap(({ rows }) => rows).find((candidate) => candidate.name === name);
  assert.ok(found, `no row ${name}`);
  return found.cells;
}

const texts = (cells: readonly CompareCell[]): readonly string[] => cells.map(({ text }) => text);

describe('comparison', () => {
  afterEach(undoEverything);

  it('shows who a design misses, what it costs, and opens one panel', async () => {
    const finished = await compare('compareDesigns', 'dm-reflinked', ['tree', 'design:holder-chain-dm', 'design:dax-rmap-tree']);
    assert.ok(finished);
    assert.deepEqual(texts(row(finished, 'missed')), ['B', 'none', 'none']);
    assert.deepEqual(
      row(finished, 'missed').map(({ mark }) => mark),
      ['bad', undefined, undefined],
    );
    const perPage = texts(row(finished, 'of them per mapped page')).map(Number);
    assert.ok((perPage[2] ?? 0) > (perPage[1] ?? 0), `the tree per page costs no more: ${perPage.join(' ')}`);
    await until('the panel', () => (panelTabs('daxtrace.compare') === 1 ? true : undefined));
    await compare('compareDesigns', 'dm-reflinked', ['tree', 'design:holder-chain-dm']);
    assert.equal(panelTabs('daxtrace.compare'), 1);
  });

  it('extrapolates a removal to a TiB', async () => {
    const finished = await compare('compareDesigns', 'removal', ['design:page-at-a-time', 'design:ranged-removal']);
    assert.ok(finished);
    const [page = '', ranged = ''] = texts(row(finished, 'callouts per TiB'));
    const count = (text: string): number => Number(text.replaceAll(',', ''));
    assert.ok(count(page) > 2 ** 28, page);
    assert.ok(count(ranged) < 10_000, ranged);
  });

  it('says what an unsaved edit changes, and both traces can be seen as a diff', async () => {
    const document = await workspace.openTextDocument(fileOf('drivers/dax/super.c'));
    const at = find(document.getText(), 'notify_failure(dax_dev, off, len, mf_flags)');
    const line = document.lineAt(at.line);
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(at.line, 0, at.line, line.text.length), '\trc = -EOPNOTSUPP;');
    await workspace.applyEdit(edit);
    const finished = await compare('compareEdit', 'reflinked-pair');
    assert.ok(finished);
    assert.deepEqual(
      finished.view.sides.map(({ label }) => label),
      ['on disk', 'edited'],
    );
    assert.equal(finished.view.kind, 'edit');
    assert.deepEqual(texts(row(finished, 'signalled')), ['A B', 'A']);
    assert.match(finished.view.injections[0]?.parting?.calls[0]?.text ?? '', /xfs_dax_notify_failure/);
    assert.match(finished.answer.markdown, /\*\*missed\*\* \| \*\*-\*\* \| \*\*B\*\*/);
    assert.equal(finished.answer.traces.length, 2);
    assert.ok(finished.answer.traces.every((text) => !text.includes('0xffff888')));
  });

  it('after the comparison the engine has the edited text again', async () => {
    const document = await workspace.openTextDocument(fileOf('drivers/dax/super.c'));
    const edit = new WorkspaceEdit();
    const at = find(document.getText(), 'notify_failure(dax_dev, off, len, mf_flags)');
    edit.replace(document.uri, new Range(at.line, 0, at.line, document.lineAt(at.line).text.length), '\trc = -EIO;');
    await workspace.applyEdit(edit);
    const first = await compare('compareEdit', 'reflinked-pair', ['disk', 'tree']);
    const second = await compare('compareEdit', 'reflinked-pair', ['disk', 'tree']);
    assert.ok(first && second);
    assert.equal(second.answer.text, first.answer.text);
    assert.deepEqual(texts(row(second, 'result')), ['returned 0', 'returned -5']);
  });

  it('of nothing that is edited is refused, and no panel is needed to say so', async () => {
    assert.equal(await compare('compareEdit', 'reflinked-pair'), undefined);
  });

  it('of one side alone is refused', async () => {
    assert.equal(await compare('compareDesigns', 'reflinked-pair', ['tree']), undefined);
  });
});
