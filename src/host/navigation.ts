// Opening places of the tree: one place opens, several are peeked.
import { existsSync } from 'node:fs';
import { commands, Location, Position, Range, TabInputWebview, Uri, ViewColumn, window, type Disposable } from 'vscode';
import type { ViewPlace } from '../protocol/trace-view.ts';
import type { FeatureContext } from './feature.ts';
import { messages } from './messages.ts';

/** In the order of the screen. */
const columns = [ViewColumn.One, ViewColumn.Two, ViewColumn.Three, ViewColumn.Four, ViewColumn.Five];

/** Column for a text where it hides no panel, and no panel that comes to the front hides it; a new one when panels fill all. */
export function textColumn(): ViewColumn {
  const { all, activeTabGroup } = window.tabGroups;
  const free = [activeTabGroup, ...all].find((group) => !(group.activeTab?.input instanceof TabInputWebview));
  return free?.viewColumn ?? columns[all.length] ?? ViewColumn.Beside;
}

/** Shows a place; beside the panel when the panel has the focus. */
export async function openPlace({ trees }: FeatureContext, at: ViewPlace, beside = false): Promise<void> {
  const uri = trees.uriOf(at.path);
  if (uri === undefined || !existsSync(uri.fsPath)) {
    void window.showWarningMessage(messages['place.gone'](at.path));
    return;
  }
  const position = new Position(Math.max(0, at.line - 1), 0);
  const viewColumn = beside ? textColumn() : ViewColumn.Active;
  await window.showTextDocument(uri, { selection: new Range(position, position), viewColumn });
}

/** The command behind "N implementations" and "registered by …". */
export function activate(context: FeatureContext): Disposable {
  return commands.registerCommand('daxtrace.goTo', async (from: { path: string; line: number }, places: readonly ViewPlace[]) => {
    const [first] = places;
    if (first === undefined) return;
    if (places.length === 1) {
      await openPlace(context, first);
      return;
    }
    const locations = places.flatMap((place) => {
      const uri = context.trees.uriOf(place.path);
      return uri === undefined ? [] : [new Location(uri, new Position(place.line - 1, 0))];
    });
    const origin = context.trees.uriOf(from.path) ?? Uri.file(from.path);
    await commands.executeCommand('editor.action.peekLocations', origin, new Position(from.line - 1, 0), locations, 'peek');
  });
}
