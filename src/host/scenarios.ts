// Where scenarios come from: presets, *.daxtrace.json in the workspace, an imported observation; the last one first.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { QuickPickItemKind, window, workspace, type Memento, type QuickPickItem, type Uri } from 'vscode';
import type { PresetInfo, ScenarioSource } from '../core/session/engine-api.ts';
import { labels, messages } from './messages.ts';
import { staysOpen } from './pick.ts';

/** A scenario that can be found again: `preset:NAME`, `scenario:/path`, `observation:/path`. */
export type ScenarioKey = string;

const lastKey = 'daxtrace.lastScenario';

type Kind = ScenarioSource['kind'];

export const scenarioKey = (kind: Kind, name: string): ScenarioKey => `${kind}:${name}`;

export function splitKey(key: ScenarioKey): { readonly kind: Kind; readonly name: string } | undefined {
  const match = /^(preset|scenario|observation):(.+)$/s.exec(key);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { kind: match[1] as Kind, name: match[2] };
}

export const lastScenario = (memory: Memento): ScenarioKey | undefined => memory.get<ScenarioKey>(lastKey);
export const rememberScenario = (memory: Memento, key: ScenarioKey): Thenable<void> => memory.update(lastKey, key);

/** A file of world and injection, told apart from a scenario by its recorded topology. */
function kindOfText(text: string): Kind {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'topology' in value ? 'observation' : 'scenario';
  } catch {
    return 'scenario';
  }
}

/** Reads what a key names. Rejects with a message for the user when it is gone. An open editor's text wins over the disk. */
export async function readScenario(key: ScenarioKey): Promise<ScenarioSource> {
  const named = splitKey(key);
  if (named === undefined) throw new Error(messages['scenario.gone'](key));
  if (named.kind === 'preset') return { kind: 'preset', name: named.name };
  const open = workspace.textDocuments.find((document) => document.uri.fsPath === named.name);
  try {
    const text = open?.getText() ?? (await readFile(named.name, 'utf8'));
    return { kind: kindOfText(text), name: basename(named.name), text };
  } catch (error) {
    throw new Error(messages['scenario.unreadable'](named.name, error instanceof Error ? error.message : String(error)));
  }
}

interface Item extends QuickPickItem {
  readonly key?: ScenarioKey;
  readonly importing?: true;
}

function fileItem(uri: Uri): Item {
  return {
    label: basename(uri.fsPath),
    description: workspace.asRelativePath(uri),
    key: scenarioKey('scenario', uri.fsPath),
  };
}

/** The list of the pick, last used first. */
function scenarioItems(presets: readonly PresetInfo[], files: readonly Uri[], last: ScenarioKey | undefined): readonly Item[] {
  const items: Item[] = [];
  const presetItems: Item[] = presets.map(({ name, title, description }) => ({
    label: title,
    description: name,
    detail: description,
    key: scenarioKey('preset', name),
  }));
  const fileItems = files.map(fileItem);
  const all = [...presetItems, ...fileItems];
  const named = last === undefined ? undefined : splitKey(last);
  if (last !== undefined && named !== undefined) {
    const known = all.find((item) => item.key === last);
    // Its name stays, because that is what one types.
    if (known !== undefined) items.push({ ...known, description: `${known.description ?? ''} · ${labels.last()}` });
    else if (named.kind !== 'preset')
      items.push({ label: basename(named.name), description: labels.last(), detail: named.name, key: last });
  }
  items.push({ label: labels.presets(), kind: QuickPickItemKind.Separator }, ...presetItems.filter((item) => item.key !== last));
  const otherFiles = fileItems.filter((item) => item.key !== last);
  if (otherFiles.length > 0) items.push({ label: labels.scenarioFiles(), kind: QuickPickItemKind.Separator }, ...otherFiles);
  items.push(
    { label: '', kind: QuickPickItemKind.Separator },
    { label: labels.importObservation(), detail: labels.importObservationDetail(), importing: true },
  );
  return items;
}

/** Asks for a scenario; undefined when the user declines. The pick is shown at once and fills when the presets are known. */
export async function pickScenario(
  presets: Promise<readonly PresetInfo[]>,
  last: ScenarioKey | undefined,
): Promise<ScenarioKey | undefined> {
  const files = Promise.resolve(workspace.findFiles('**/*.daxtrace.json', undefined, 200));
  const items = Promise.all([presets, files]).then(([known, found]) => [
    ...scenarioItems(
      known,
      [...found].sort((a, b) => (a.fsPath < b.fsPath ? -1 : 1)),
      last,
    ),
  ]);
  const picked = await window.showQuickPick(items, {
    ...staysOpen,
    placeHolder: labels.pickScenario(),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked?.importing === true) {
    const [file] = (await window.showOpenDialog({ filters: { JSON: ['json'] } })) ?? [];
    return file === undefined ? undefined : scenarioKey('observation', file.fsPath);
  }
  return picked?.key;
}
