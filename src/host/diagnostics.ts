// Faults and violations of the last trace as squiggles at the lines that caused them.
import { Diagnostic, DiagnosticSeverity, languages, Position, Range, type Uri } from 'vscode';
import type { TraceResult } from '../core/trace/result.ts';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';

interface Finding {
  readonly path: string;
  readonly line: number;
  readonly text: string;
  readonly severity: DiagnosticSeverity;
}

function findingsOf({ injections, verdict }: TraceResult): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { text, cause } of verdict.violations) {
    if (cause?.file !== undefined) {
      findings.push({ path: cause.file, line: cause.line ?? 1, text, severity: DiagnosticSeverity.Warning });
    }
  }
  for (const fault of injections.flatMap((injection) => injection.faults)) {
    if (fault.file !== undefined) {
      findings.push({ path: fault.file, line: fault.line ?? 1, text: fault.text, severity: DiagnosticSeverity.Error });
    }
  }
  return findings;
}

export function activate({ runner, trees }: FeatureContext): DisposableStore {
  const store = new DisposableStore();
  const shown = store.add(languages.createDiagnosticCollection('daxtrace'));
  store.add(
    runner.onDidFinish(({ result }) => {
      const byFile = new Map<string, { uri: Uri; list: Diagnostic[] }>();
      for (const { path, line, text, severity } of findingsOf(result)) {
        const uri = trees.uriOf(path);
        if (uri === undefined) continue;
        const entry = byFile.get(path) ?? { uri, list: [] };
        byFile.set(path, entry);
        const at = new Position(Math.max(0, line - 1), 0);
        const diagnostic = new Diagnostic(new Range(at, at.translate(0, 1000)), text, severity);
        diagnostic.source = 'daxtrace';
        entry.list.push(diagnostic);
      }
      shown.clear();
      for (const { uri, list } of byFile.values()) shown.set(uri, list);
    }),
  );
  store.add(
    trees.onDidChange(() => {
      shown.clear();
    }),
  );
  return store;
}
