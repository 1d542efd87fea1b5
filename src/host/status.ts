// The language status of C files: which tree is meant and what the last trace said.
import { languages, LanguageStatusSeverity } from 'vscode';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';
import { labels } from './messages.ts';

export function activate({ trees, runner }: FeatureContext): DisposableStore {
  const store = new DisposableStore();
  const item = store.add(languages.createLanguageStatusItem('daxtrace', { language: 'c' }));
  item.name = 'daxtrace';
  const draw = (): void => {
    const { last, status } = runner;
    item.busy = status.kind === 'running';
    item.text = trees.current === undefined ? labels.noTree() : `daxtrace: ${trees.current.label}`;
    item.detail = last === undefined ? labels.notTraced() : `${last.result.scenario.title}: ${last.result.verdict.kind}`;
    item.severity = last?.result.verdict.kind === 'violated' ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    item.command = { title: labels.trace(), command: 'daxtrace.traceMemoryFailure' };
  };
  store.add(runner.onDidChangeStatus(draw));
  store.add(runner.onDidFinish(draw));
  store.add(trees.onDidChange(draw));
  draw();
  return store;
}
