// Entry of the extension: makes the services, then the features, one file each.
import { join } from 'node:path';
import { window, type ExtensionContext } from 'vscode';
import * as callHierarchy from './call-hierarchy.ts';
import * as compare from './compare.ts';
import * as diagnostics from './diagnostics.ts';
import { DisposableStore } from './disposable.ts';
import { EngineClient } from './engine-client.ts';
import * as exporting from './export.ts';
import type { FeatureContext } from './feature.ts';
import * as graphPanel from './graph-panel.ts';
import * as hover from './hover.ts';
import * as injectFromLog from './inject-from-log.ts';
import * as lenses from './lenses.ts';
import { findRipgrep } from './ripgrep.ts';
import * as navigation from './navigation.ts';
import { OverlaySync } from './overlay-sync.ts';
import * as start from './start.ts';
import * as status from './status.ts';
import * as traceCommand from './trace-command.ts';
import * as tracePanel from './trace-panel.ts';
import { TraceRunner } from './trace-runner.ts';
import { Trees } from './trees.ts';

const features = [
  navigation,
  traceCommand,
  injectFromLog,
  tracePanel,
  graphPanel,
  compare,
  lenses,
  hover,
  callHierarchy,
  exporting,
  status,
  diagnostics,
  start,
];

export function activate(extension: ExtensionContext): FeatureContext {
  const store = new DisposableStore();
  extension.subscriptions.push(store);
  const log = store.add(window.createOutputChannel('daxtrace', { log: true }));
  const trees = store.add(new Trees(extension));
  const overlays = store.add(new OverlaySync(trees));
  const engine = store.add(
    new EngineClient({
      worker: join(extension.extensionPath, 'dist', 'worker.cjs'),
      grammars: join(extension.extensionPath, 'grammars'),
      ripgrep: findRipgrep(),
      log: (line) => {
        log.error(line);
      },
      pendingEdits: () => overlays.takePending(),
      allEdits: () => overlays.all(),
    }),
  );
  const openTree = (): void => {
    if (trees.current !== undefined) engine.open({ root: trees.current.root, config: trees.current.config });
  };
  openTree();
  store.add(trees.onDidChange(openTree));
  const runner = store.add(new TraceRunner(engine, trees, overlays));
  const context: FeatureContext = { extension, trees, overlays, engine, runner, log };
  for (const feature of features) store.add(feature.activate(context));
  // The context is the API of the test suite.
  return context;
}
