// What activation costs the extension host: loading the bundle, activate(), and how long the host's thread stays busy afterwards.
// Usage: node test/bench/activation.bench.ts TREE. VS Code itself is a stand-in that does nothing.
import { existsSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { root } from '../../src/dev/process.ts';
import { report } from './measure.ts';

const [tree = root] = process.argv.slice(2);
const bundle = join(root, 'dist/extension.cjs');
if (!existsSync(bundle)) {
  console.log('activation: skipped, npm run build has not run');
  process.exit(0);
}

/** Answers every call, construction and property with another of its kind, except those that are given. */
function standIn(given: Readonly<Record<string, unknown>> = {}): unknown {
  const target = function () {
    return undefined;
  };
  return new Proxy(target, {
    get: (_target, key) => {
      if (typeof key === 'string' && Object.hasOwn(given, key)) return given[key];
      if (key === 'then') return undefined;
      if (key === Symbol.toPrimitive) return () => '';
      if (key === Symbol.iterator) return () => [].values();
      if (key === 'prototype') return {};
      return standIn();
    },
    set: () => true,
    apply: () => standIn(),
    construct: () => standIn() as object,
  });
}

const folder = { uri: { scheme: 'file', fsPath: tree, path: tree, toString: () => `file://${tree}` }, name: 'linux', index: 0 };
const configuration = { get: (_name: string, fallback: unknown) => fallback ?? '', inspect: () => undefined };
const vscode = standIn({
  workspace: standIn({ workspaceFolders: [folder], textDocuments: [], isTrusted: false, getConfiguration: () => configuration }),
  env: standIn({ appRoot: tree }),
  extensions: standIn({ getExtension: () => undefined }),
});

// The bundle asks for VS Code by require().
const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = loader._load.bind(loader);
loader._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

const memento = { get: (_key: string, fallback: unknown) => fallback, update: () => Promise.resolve(), keys: () => [] };
const context = {
  extensionPath: root,
  extensionUri: standIn(),
  subscriptions: [],
  workspaceState: memento,
  globalState: memento,
  asAbsolutePath: (path: string) => join(root, path),
};

const delay = monitorEventLoopDelay({ resolution: 1 });
const before = performance.now();
const extension = createRequire(import.meta.url)(bundle) as { activate(context: unknown): unknown };
const loaded = performance.now();
delay.enable();
await extension.activate(context);
const active = performance.now();
await new Promise((resolve) => setTimeout(resolve, 500));
delay.disable();
report('activation: load of the bundle', loaded - before, 'ms');
report('activation: activate() to its return', active - loaded, 'ms', 50);
report('activation: longest pause of the host in 500 ms after', delay.max / 1e6, 'ms', 50);
process.exit(0);
