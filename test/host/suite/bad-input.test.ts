// Bad input of every kind: what is said names the place, the last good result stays, nothing hangs.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, ConfigurationTarget, Range, workspace, WorkspaceEdit } from 'vscode';
import type { TraceResult } from '../../../src/core/trace/result.ts';
import type { TraceRunner } from '../../../src/host/trace-runner.ts';
import { fileOf, find, services, undoEverything, until } from './support.ts';

const preset = 'reflinked-pair';
const driver = 'drivers/nvdimm/pmem.c';
const length = 'u64 len = nr_pages << PAGE_SHIFT;';
const temporary: string[] = [];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'daxtrace-bad-input-'));
  temporary.push(path);
  return path;
}

/** Replaces the first `from` of a file in the editor, unsaved. */
async function edit(path: string, from: string, to: string): Promise<void> {
  const document = await workspace.openTextDocument(fileOf(path));
  const { line, character } = find(document.getText(), from);
  const change = new WorkspaceEdit();
  change.replace(document.uri, new Range(line, character, line, character + from.length), to);
  await workspace.applyEdit(change);
}

async function trace(): Promise<TraceResult> {
  const { runner } = await services();
  await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
  assert.equal(runner.status.kind, 'idle', JSON.stringify(runner.status));
  assert.ok(runner.last);
  return runner.last.result;
}

/** Sets a setting and waits until the extension has seen it. */
async function set(name: 'tree' | 'config', value: string | undefined): Promise<void> {
  await workspace.getConfiguration('daxtrace').update(name, value, ConfigurationTarget.Global);
}

/** All that a result says about why, in one text. */
const said = ({ verdict, notes, injections }: TraceResult): string =>
  [
    ...(verdict.kind === 'holds' ? [] : (verdict.reasons ?? [])),
    ...verdict.violations.map(({ text }) => text),
    ...notes,
    ...injections.flatMap(({ faults }) => faults.map((f) => f.text)),
  ].join('\n');

/** What the panel says of a trace that could not be made. */
function refusal({ status }: TraceRunner): string {
  assert.equal(status.kind, 'failed', JSON.stringify(status));
  return status.kind === 'failed' ? status.message : '';
}

describe('bad input', () => {
  afterEach(async () => {
    await undoEverything();
    await set('tree', undefined);
    await set('config', undefined);
    const { trees } = await services();
    await until('the tree of the workspace', () => (trees.current?.label === 'sample-kernel' ? true : undefined));
  });
  after(() => {
    for (const path of temporary) rmSync(path, { recursive: true, force: true });
  });

  it('an endless loop ends by its budget, and its place is named', async () => {
    await edit(driver, length, `${length} for (;;) ;`);
    const result = await trace();
    assert.equal(result.verdict.kind, 'unknown');
    assert.match(said(result), /drivers\/nvdimm\/pmem\.c:54/);
  });

  it('a NULL dereference is an oops at its line', async () => {
    await edit(driver, length, 'u64 len = *(u64 *)0;');
    const result = await trace();
    const [injection] = result.injections;
    assert.equal(injection?.result.kind, 'oops');
    const [fault] = injection.faults;
    assert.deepEqual([fault?.file, fault?.line], [driver, 54]);
  });

  it('a function that was deleted is named with the place that calls it', async () => {
    await edit('drivers/dax/super.c', 'int dax_holder_notify_failure(', 'int gone(');
    const result = await trace();
    assert.equal(result.verdict.kind, 'unknown');
    assert.match(said(result), /dax_holder_notify_failure[^]*drivers\/nvdimm\/pmem\.c:56/);
  });

  it('a scenario that fails its schema is refused with file and field, and the last good result stays', async () => {
    const { runner } = await services();
    const good = await trace();
    const path = join(folder(), 'wrong.daxtrace.json');
    writeFileSync(path, JSON.stringify({ id: 'x', pmem: [{ name: 'pmem0', start: 'nowhere', size: '0x1000' }] }));
    await commands.executeCommand('daxtrace.traceMemoryFailure', { file: path });
    assert.equal(runner.status.kind, 'failed');
    assert.match(
      runner.status.kind === 'failed' ? runner.status.message : '',
      /wrong\.daxtrace\.json[^]*pmem\[?0\]?.*start|pmem\.0\.start/,
    );
    assert.equal(runner.last?.result, good);
  });

  it('a configuration without FS_DAX is told with its line', async () => {
    const { runner, trees } = await services();
    const good = await trace();
    const path = join(folder(), 'my.config');
    writeFileSync(path, 'CONFIG_X86_64=y\nCONFIG_MMU=y\n# CONFIG_FS_DAX is not set\n');
    await set('config', path);
    await until('the configuration', () => (trees.current?.config === path ? true : undefined));
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    assert.match(refusal(runner), /my\.config:3: CONFIG_FS_DAX is not set/);
    assert.equal(runner.last?.result, good);
  });

  it('a configuration that is not there is refused with its path, and the last good result stays', async () => {
    const { runner, trees } = await services();
    const good = await trace();
    await set('config', '/nonexistent/.config');
    await until('the configuration', () => (trees.current?.config === '/nonexistent/.config' ? true : undefined));
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    assert.match(refusal(runner), /\/nonexistent\/\.config/);
    assert.equal(runner.last?.result, good);
  });

  it('a tree that is not there is no tree, and the last good result stays', async () => {
    const { runner, trees } = await services();
    const good = await trace();
    await set('tree', '/nonexistent/linux');
    await until('no tree', () => (trees.current === undefined ? true : undefined));
    assert.equal(runner.last?.result, good);
  });

  it('half a tree says which file it lacks, and the last good result stays', async () => {
    const { runner, trees } = await services();
    const good = await trace();
    const half = join(folder(), 'half');
    cpSync(fileOf('mm').fsPath, join(half, 'mm'), { recursive: true });
    await set('tree', half);
    await until('the tree', () => (trees.current?.root === half ? true : undefined));
    await commands.executeCommand('daxtrace.traceMemoryFailure', { preset });
    assert.match(refusal(runner), /[\w/-]+\.[ch]/);
    assert.equal(runner.last?.result, good);
  });

  it('a source file of 50 MB does no harm', async () => {
    const { trees, engine } = await services();
    const large = join(folder(), 'large');
    cpSync(fileOf('.').fsPath, large, { recursive: true });
    mkdirSync(join(large, 'drivers/huge'));
    const line = 'static int f(void) { return dax_holder_notify_failure(0, 0, 0, 0); } /* dax_holder_operations */\n';
    writeFileSync(join(large, 'drivers/huge/huge.c'), line.repeat(Math.ceil((50 << 20) / line.length)));
    await set('tree', large);
    await until('the tree', () => (trees.current?.root === large ? true : undefined));
    const result = await trace();
    assert.equal(result.verdict.kind, 'holds', said(result));
    const graph = await engine.call('graph', { name: 'memory_failure', depth: 6, callers: false });
    assert.ok(graph.edges.some((edge) => edge.to === 'xfs_dax_notify_failure'));
  });
});
