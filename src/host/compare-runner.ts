// Runs comparisons one after another and keeps the last one.
import { CancellationTokenSource, EventEmitter, type CancellationToken, type Disposable } from 'vscode';
import type { CompareView } from '../protocol/compare-view.ts';
import type { CompareKey, PanelStatus } from '../protocol/panel.ts';
import type { CompareAnswer, DesignInfo } from '../protocol/worker.ts';
import { comparedSides, isAboutEdit } from './compared-sides.ts';
import { DisposableStore } from './disposable.ts';
import { Cancelled } from './worker-lane.ts';
import type { FeatureContext } from './feature.ts';
import { messages } from './messages.ts';
import { readScenario } from './scenarios.ts';
import { compareView } from './view/compare-view.ts';

export interface FinishedComparison {
  readonly key: CompareKey;
  readonly view: CompareView;
  readonly answer: Extract<CompareAnswer, { readonly kind: 'report' }>;
}

export interface CompareRunOptions {
  readonly token?: CancellationToken;
  readonly progress?: (phase: string) => void;
}

/** Typing pauses this long before an open comparison of an edit runs again. */
const debounceMs = 400;

export class CompareRunner implements Disposable {
  private readonly store = new DisposableStore();
  private readonly statusChanged = this.store.add(new EventEmitter<PanelStatus>());
  private readonly finished = this.store.add(new EventEmitter<FinishedComparison>());
  private readonly context: FeatureContext;
  private current: CancellationTokenSource | undefined;
  private timer: NodeJS.Timeout | undefined;
  private following: (() => boolean) | undefined;
  private known: Promise<readonly DesignInfo[]> | undefined;
  /** What was asked for last. */
  key: CompareKey | undefined;
  last: FinishedComparison | undefined;
  status: PanelStatus = { kind: 'idle' };
  readonly onDidChangeStatus = this.statusChanged.event;
  readonly onDidFinish = this.finished.event;

  constructor(context: FeatureContext) {
    this.context = context;
    this.store.add(
      context.overlays.onDidChange(() => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
          const { key } = this;
          if (key !== undefined && isAboutEdit(key.sides) && this.following?.() === true) void this.run(key);
        }, debounceMs);
      }),
    );
  }

  /** Edits start a new comparison of an edit while `wanted` says so. */
  follow(wanted: () => boolean): void {
    this.following = wanted;
  }

  /** Designs that ship with the extension. */
  designs(): Promise<readonly DesignInfo[]> {
    this.known ??= this.context.engine.call('designs', null).catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  /** Compares; a run that is under way is cancelled. Undefined when there is no answer: then the status says why. */
  async run(key: CompareKey, { token, progress }: CompareRunOptions = {}): Promise<FinishedComparison | undefined> {
    const { engine, trees, overlays } = this.context;
    if ((await trees.require()) === undefined) return undefined;
    this.key = key;
    // This run sees every edit so far.
    clearTimeout(this.timer);
    this.current?.cancel();
    const source = new CancellationTokenSource();
    this.current = source;
    const report = (phase: string): void => {
      if (this.current !== source) return;
      this.setStatus({ kind: 'running', phase });
      progress?.(phase);
    };
    try {
      report(messages['compare.title']());
      const sides = await comparedSides(key.sides, trees, overlays.edited);
      if (sides.length < 2) {
        this.setStatus({ kind: 'failed', message: messages['compare.none']() });
        return undefined;
      }
      const options = { outdated: source.token, progress: report, ...(token === undefined ? {} : { token }) };
      const answer = await engine.call('compare', { scenario: await readScenario(key.scenario), sides }, options);
      const designs = await this.designs();
      if (this.current !== source) return undefined;
      if (answer.kind !== 'report') {
        this.setStatus(answer.kind === 'cancelled' ? { kind: 'idle' } : { kind: 'failed', message: answer.message });
        return undefined;
      }
      const kind = isAboutEdit(key.sides) ? 'edit' : 'designs';
      const view = compareView(answer.report, { kind, designs, canDiff: answer.traces.length === 2 });
      this.last = { key, view, answer };
      this.setStatus({ kind: 'idle' });
      this.finished.fire(this.last);
      return this.last;
    } catch (error) {
      if (this.current !== source) return undefined;
      const why = error instanceof Error ? error.message : String(error);
      this.setStatus(error instanceof Cancelled ? { kind: 'idle' } : { kind: 'failed', message: messages['compare.failed'](why) });
      return undefined;
    } finally {
      source.dispose();
      if (this.current === source) this.current = undefined;
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.current?.cancel();
    this.store.dispose();
  }

  private setStatus(status: PanelStatus): void {
    this.status = status;
    this.statusChanged.fire(status);
  }
}
