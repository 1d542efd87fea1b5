// The trace command, its panel, and edits that count.
import assert from 'node:assert/strict';
import { CancellationTokenSource, commands, Range, workspace, WorkspaceEdit } from 'vscode';
import { closeUntitled, fileOf, find, panelTabs, services, undoEverything, untitled, until } from './support.ts';

const preset = 'reflinked-pair';

describe('trace', () => {
  afterEach(undoEverything);

  it('runs a preset and opens one panel beside the editor', async () => {
    const { runner } = await services();
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    const { last, status } = runner;
    assert.equal(status.kind, 'idle', JSON.stringify(status));
    assert.ok(last);
    const [injection] = last.result.injections;
    assert.equal(injection?.result.kind, 'returned', JSON.stringify(injection?.result));
    assert.ok(injection?.calls.some((call) => call.function === 'memory_failure'));
    assert.ok(injection.signals.length > 0, 'nobody was signalled');
    await until('the panel', () => (panelTabs('daxtrace.trace') === 1 ? true : undefined));
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    assert.equal(panelTabs('daxtrace.trace'), 1);
  });

  it('names every call of the trace by a place that exists', async () => {
    const { runner, trees } = await services();
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    for (const call of runner.last?.result.injections[0]?.calls.filter(({ kind }) => kind === 'interpreted') ?? []) {
      const uri = trees.uriOf(call.file);
      assert.ok(uri, call.function);
      const document = await workspace.openTextDocument(uri);
      assert.ok(document.lineAt(call.line - 1).text.includes(call.function), `${call.file}:${call.line} does not name ${call.function}`);
    }
  });

  it('an unsaved edit changes the next trace, and an open panel traces by itself', async () => {
    const { runner } = await services();
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    const before = runner.last;
    const document = await workspace.openTextDocument(fileOf('drivers/dax/super.c'));
    const at = find(document.getText(), 'notify_failure(dax_dev, off, len, mf_flags)');
    const line = document.lineAt(at.line);
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(at.line, 0, at.line, line.text.length), '\trc = -EOPNOTSUPP;');
    await workspace.applyEdit(edit);
    const after = await until('a new trace', () => (runner.last === before || runner.last?.edited.length === 0 ? undefined : runner.last));
    assert.deepEqual(after.edited, ['drivers/dax/super.c']);
    const holders = after.result.injections[0]?.calls.filter((call) => call.function === 'xfs_dax_notify_failure');
    assert.deepEqual(holders, []);
  });

  it('a syntax error in the path keeps the last good result and names the place', async () => {
    const { runner } = await services();
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    const document = await workspace.openTextDocument(fileOf('drivers/nvdimm/pmem.c'));
    const at = find(document.getText(), 'pmem_pagemap_memory_failure(');
    const edit = new WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(at.line + 2).range.start, ' ) ( oops ; {{{\n');
    await workspace.applyEdit(edit);
    const saw = (): boolean => runner.last?.edited.includes('drivers/nvdimm/pmem.c') === true;
    await until('an answer', () => (runner.status.kind === 'failed' || saw() ? true : undefined));
    const shown = runner.status.kind === 'failed' ? runner.status.message : JSON.stringify(runner.last?.result.verdict);
    assert.match(shown, /drivers\/nvdimm\/pmem\.c:\d+/);
  });

  it('a scenario that fails its schema is refused with the field', async () => {
    const { runner } = await services();
    const document = await workspace.openTextDocument({ language: 'json', content: '{}' });
    assert.ok(document);
    await runner.run('scenario:/nonexistent/x.daxtrace.json');
    assert.equal(runner.status.kind, 'failed');
    assert.match(runner.status.kind === 'failed' ? runner.status.message : '', /nonexistent/);
  });

  it('can be cancelled at any time, and runs again afterwards', async () => {
    const { runner, engine } = await services();
    engine.restart();
    const source = new CancellationTokenSource();
    const run = runner.run(`preset:${preset}`, { token: source.token });
    setTimeout(() => {
      source.cancel();
    }, 20);
    const started = Date.now();
    await run;
    assert.ok(Date.now() - started < 10_000, 'cancelling took too long');
    assert.equal(runner.status.kind, 'idle', JSON.stringify(runner.status));
    assert.ok(await runner.run(`preset:${preset}`));
  });

  it('a worker that died is replaced by the next call', async () => {
    const { engine } = await services();
    const lost = engine.call('trace', { scenario: { kind: 'preset', name: preset } });
    engine.restart();
    await assert.rejects(lost);
    assert.ok((await engine.call('presets', null)).length > 0);
  });

  it('exports the last trace as an untitled document', async () => {
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    await commands.executeCommand('daxtrace.exportTrace', 'text');
    await untitled((text) => text.includes('memory_failure'));
    await closeUntitled();
  });

  it('shows the call graph with the slots it goes through', async () => {
    const { engine } = await services();
    // Before the panel: a later question about the graph takes the place of an earlier one.
    const graph = await engine.call('graph', { name: 'memory_failure', depth: 6, callers: false });
    await commands.executeCommand('daxtrace.showCallGraph');
    await until('the graph panel', () => (panelTabs('daxtrace.callGraph') === 1 ? true : undefined));
    assert.ok(
      graph.edges.some((edge) => edge.kind === 'slot' && edge.to === 'xfs_dax_notify_failure'),
      'no edge through the holder slot',
    );
  });
});
