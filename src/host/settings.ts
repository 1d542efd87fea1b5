// The extension's settings, typed; names and defaults stand in package.json.
import { workspace } from 'vscode';

export interface Settings {
  /** Root of the kernel tree, or '' for the workspace folder. */
  readonly tree: string;
  /** Kernel configuration file, or ''. */
  readonly config: string;
  /** Preset name or path of a scenario file that is offered first, or ''. */
  readonly scenario: string;
  readonly traceOnEdit: boolean;
  readonly lenses: boolean;
}

export function readSettings(): Settings {
  const all = workspace.getConfiguration('daxtrace');
  return {
    tree: all.get('tree', ''),
    config: all.get('config', ''),
    scenario: all.get('scenario', ''),
    traceOnEdit: all.get('traceOnEdit', true),
    lenses: all.get('lenses', true),
  };
}
