// Runs traces one after another, keeps the last good result, and runs again when an edit arrives while a panel is open.
import { CancellationTokenSource, EventEmitter, type CancellationToken, type Disposable } from 'vscode';
import type { TraceResult } from '../core/trace/result.ts';
import type { PanelStatus } from '../protocol/panel.ts';
import { DisposableStore } from './disposable.ts';
import type { EngineClient } from './engine-client.ts';
import { Cancelled } from './worker-lane.ts';
import { messages } from './messages.ts';
import type { OverlaySync } from './overlay-sync.ts';
import { readScenario, type ScenarioKey } from './scenarios.ts';
import type { Trees } from './trees.ts';
import { whyNothingRan } from './view/trace-view.ts';

export interface FinishedTrace {
  readonly result: TraceResult;
  readonly scenario: ScenarioKey;
  readonly tree: string;
  /** Unsaved files that the trace saw. */
  readonly edited: readonly string[];
  readonly milliseconds: number;
  readonly focus?: string;
}

export interface RunOptions {
  readonly token?: CancellationToken;
  readonly progress?: (phase: string) => void;
  /** Function that should be shown first. */
  readonly focus?: string;
}

/** Typing pauses this long before a trace starts again; a trace that typing has outdated is cancelled, so the pause may be short. */
const debounceMs = 40;

export class TraceRunner implements Disposable {
  private readonly store = new DisposableStore();
  private readonly statusChanged = this.store.add(new EventEmitter<PanelStatus>());
  private readonly finished = this.store.add(new EventEmitter<FinishedTrace>());
  private readonly engine: EngineClient;
  private readonly trees: Trees;
  private readonly overlays: OverlaySync;
  private current: CancellationTokenSource | undefined;
  private timer: NodeJS.Timeout | undefined;
  private following: (() => boolean) | undefined;
  /** The scenario of the last trace that was asked for. */
  scenario: ScenarioKey | undefined;
  last: FinishedTrace | undefined;
  status: PanelStatus = { kind: 'idle' };
  readonly onDidChangeStatus = this.statusChanged.event;
  readonly onDidFinish = this.finished.event;

  constructor(engine: EngineClient, trees: Trees, overlays: OverlaySync) {
    this.engine = engine;
    this.trees = trees;
    this.overlays = overlays;
    this.store.add(
      overlays.onDidChange(() => {
        this.rerunSoon();
      }),
    );
  }

  /** Edits start a new trace while `wanted` says so. */
  follow(wanted: () => boolean): void {
    this.following = wanted;
  }

  /** Traces a scenario. A run that is under way is cancelled: its answer would be outdated. */
  async run(scenario: ScenarioKey, { token, progress, focus }: RunOptions = {}): Promise<FinishedTrace | undefined> {
    const tree = await this.trees.require();
    if (tree === undefined) return undefined;
    this.scenario = scenario;
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
      report(messages['trace.title']());
      const request = { scenario: await readScenario(scenario) };
      const { edited } = this.overlays;
      const answer = await this.engine.call('trace', request, {
        outdated: source.token,
        progress: report,
        ...(token === undefined ? {} : { token }),
      });
      if (this.current !== source) return undefined;
      switch (answer.kind) {
        case 'cancelled':
          this.setStatus({ kind: 'idle' });
          return undefined;
        case 'refused':
          this.setStatus({
            kind: 'failed',
            message: answer.message,
            ...(answer.at === undefined ? {} : { at: answer.at }),
          });
          return undefined;
        case 'result': {
          const { result, milliseconds } = answer;
          const nothing = whyNothingRan(result);
          if (nothing !== undefined) {
            // The last result that says something stays on the screen.
            this.setStatus({ kind: 'failed', message: nothing.text, ...(nothing.at === undefined ? {} : { at: nothing.at }) });
            return undefined;
          }
          this.last = {
            result,
            scenario,
            tree: tree.label,
            edited,
            milliseconds,
            ...(focus === undefined ? {} : { focus }),
          };
          this.setStatus({ kind: 'idle' });
          this.finished.fire(this.last);
          return this.last;
        }
      }
    } catch (error) {
      if (this.current !== source) return undefined;
      const why = error instanceof Error ? error.message : String(error);
      this.setStatus(error instanceof Cancelled ? { kind: 'idle' } : { kind: 'failed', message: messages['trace.failed'](why) });
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

  private rerunSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.scenario !== undefined && this.following?.() === true) void this.run(this.scenario);
    }, debounceMs);
  }

  private setStatus(status: PanelStatus): void {
    this.status = status;
    this.statusChanged.fire(status);
  }
}
