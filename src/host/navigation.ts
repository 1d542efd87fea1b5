// Opening places of the tree: one place opens, several are peeked.
import { existsSync } from 'node:fs';
import { commands, Location, Position, Range, TabInputWebview, Uri, ViewColumn, window, type Disposable } from 'vscode';
import type { ViewPlace } from '../protocol/trace-view.ts';
import type { FeatureContext } from './feature.ts';
import { messages } from './messages.ts';

/** Column for a text, so that it does not hide a panel that has the focus, nor is hidden when the panel comes to the front. */
export function textColumn(): ViewColumn {
  if (!(window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputWebview)) return ViewColumn.Active;
  return window.visibleTextEditors.find((editor) => editor.viewColumn !== undefined)?.viewColumn ?? ViewColumn.Beside;
}

/** Shows a place; beside the panel when the panel has the focus. */
export async function openPlace({ trees }: FeatureContext, at: ViewPlace, beside = false): Promise<void> {
  const uri = trees.uriOf(at.path);
  if (uri === undefined || !existsSync(uri.fsPath)) {
    void window.showWarningMessage(messages['place.gone'](at.path));
    return;
  }
  const position = new Position(Math.max(0, at.line - 1), 0);
  const visible = window.visibleTextEditors.find((editor) => editor.viewColumn !== undefined);
  const viewColumn = beside ? (visible?.viewColumn ?? ViewColumn.Beside) : ViewColumn.Active;
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
