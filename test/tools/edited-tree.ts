// A kernel tree whose files a test edits one at a time, as an editor would, and traces presets on.

import { OverlaySource } from '../../src/core/source/file-source.ts';
import { TraceSession } from '../../src/core/session/trace-session.ts';
import type { TraceResult } from '../../src/core/trace/result.ts';
import { DiskSource } from '../../src/node/disk-source.ts';

export class EditedTree {
  private readonly texts = new Map<string, string>();
  private readonly source: DiskSource;
  private readonly session: TraceSession;

  constructor(root: string) {
    this.source = new DiskSource(root);
    this.session = new TraceSession({ source: new OverlaySource(this.source, this.texts) });
  }

  /** The text of a file as it lies on disk. */
  text(path: string): string {
    return this.source.read(path) ?? '';
  }

  /** Outcome of a preset on the tree as it is. */
  trace(preset: string): TraceResult {
    const answer = this.session.trace({ scenario: { kind: 'preset', name: preset } });
    if (answer.kind !== 'result') throw new Error(answer.kind === 'refused' ? answer.message : answer.kind);
    return answer.result;
  }

  /** Outcome of a preset while `from` reads `to` in one file; a place that is not there is an error of the test. */
  edited(preset: string, path: string, from: RegExp, to: string): TraceResult {
    const text = this.text(path);
    if (!from.test(text)) throw new Error(`${path} has no ${from.source}`);
    this.texts.set(path, text.replace(from, to));
    this.session.changed(path);
    try {
      return this.trace(preset);
    } finally {
      this.texts.delete(path);
      this.session.changed(path);
    }
  }
}

/** `A+0x3000 code 5`, in the order of sending. */
export function signalsOf(result: TraceResult): string[] {
  return result.injections.flatMap((i) => i.signals.map((s) => `${s.process}+0x${(s.offset ?? -1).toString(16)} code ${s.code}`));
}

/** Laws that were broken, each once. */
export function lawsOf(result: TraceResult): number[] {
  return [...new Set(result.verdict.violations.map((v) => v.law))].sort();
}
