// What every feature gets; the features themselves are one file each with `activate(context)`.
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { EngineClient } from './engine-client.ts';
import type { OverlaySync } from './overlay-sync.ts';
import type { TraceRunner } from './trace-runner.ts';
import type { Trees } from './trees.ts';

export interface FeatureContext {
  readonly extension: ExtensionContext;
  readonly trees: Trees;
  readonly overlays: OverlaySync;
  readonly engine: EngineClient;
  readonly runner: TraceRunner;
  readonly log: LogOutputChannel;
}
