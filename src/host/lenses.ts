// CodeLens on ops tables, functions in slots and memory_failure: trace through it, implementations, registrations.
import {
  CodeLens,
  EventEmitter,
  languages,
  Position,
  Range,
  workspace,
  type CodeLensProvider,
  type TextDocument,
  type CancellationToken,
} from 'vscode';
import type { Lens } from '../core/session/source-types.ts';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';
import { readSettings } from './settings.ts';

class PathLenses implements CodeLensProvider {
  private readonly context: FeatureContext;
  readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(context: FeatureContext) {
    this.context = context;
  }

  async provideCodeLenses(document: TextDocument, token: CancellationToken): Promise<CodeLens[]> {
    const { trees, engine, log } = this.context;
    const tree = trees.current;
    const path = trees.pathInTree(document.uri.fsPath);
    if (tree === undefined || path === undefined || !readSettings().lenses) return [];
    try {
      const lenses = await engine.call('lenses', { path });
      if (token.isCancellationRequested) return [];
      return lenses.map((lens) => codeLens(lens, path));
    } catch (error) {
      log.warn(`lenses of ${path}: ${String(error)}`);
      return [];
    }
  }
}

function codeLens(lens: Lens, path: string): CodeLens {
  const at = new Position(lens.line - 1, 0);
  const range = new Range(at, at);
  if (lens.kind === 'trace') {
    return new CodeLens(range, {
      title: lens.title,
      command: 'daxtrace.traceMemoryFailure',
      arguments: [{ through: lens.function }],
    });
  }
  const places = lens.targets.map((target) => ({ path: target.file, line: target.line }));
  return new CodeLens(range, {
    title: lens.title,
    command: 'daxtrace.goTo',
    arguments: [{ path, line: lens.line }, places],
  });
}

export function activate(context: FeatureContext): DisposableStore {
  const store = new DisposableStore();
  const provider = new PathLenses(context);
  store.add(provider.changed);
  store.add(languages.registerCodeLensProvider({ language: 'c', scheme: 'file' }, provider));
  store.add(
    context.trees.onDidChange(() => {
      provider.changed.fire();
    }),
  );
  store.add(
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('daxtrace.lenses')) provider.changed.fire();
    }),
  );
  return store;
}
