// Shared by the suites: the extension's services, and waiting for a condition.
import assert from 'node:assert/strict';
import { commands, extensions, TabInputWebview, Uri, window, workspace, type TextDocument } from 'vscode';
import type { FeatureContext } from '../../../src/host/feature.ts';

export const extensionId = 'daxtrace.daxtrace';

/** Activates the extension as its own commands would. */
export async function services(): Promise<FeatureContext> {
  const extension = extensions.getExtension<FeatureContext>(extensionId);
  assert.ok(extension, `${extensionId} is not installed`);
  return extension.activate();
}

/** File of the open tree. */
export function fileOf(path: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the suite needs a folder');
  return Uri.joinPath(folder.uri, path);
}

/** Tabs of each group, the active ones marked, for messages. */
const openTabs = (): string =>
  window.tabGroups.all
    .map((group) => group.tabs.map((tab) => `${tab.label}${tab.isActive ? '*' : ''}`).join(', '))
    .map((tabs, i) => `${i + 1}: ${tabs}`)
    .join(' | ');

/** Polls until `probe` gives a value. */
export async function until<T>(what: string, probe: () => T | undefined | Promise<T | undefined>, limitMs = 60_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > end) assert.fail(`waited ${limitMs} ms for ${what}; open: ${openTabs()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Place of a text in a document, from 0. */
export function find(text: string, wanted: string): { line: number; character: number } {
  const lines = text.split('\n');
  const line = lines.findIndex((candidate) => candidate.includes(wanted));
  assert.ok(line >= 0, `${wanted} is not in the document`);
  return { line, character: lines[line]?.indexOf(wanted) ?? 0 };
}

/** Waits for an untitled document on the screen. A panel may have the focus: then no editor is the active one. */
export function untitled(accepts: (text: string) => boolean): Promise<TextDocument> {
  return until('an untitled document', () =>
    window.visibleTextEditors.map(({ document }) => document).find((document) => document.isUntitled && accepts(document.getText())),
  );
}

/** Closes every untitled document without a question. */
export async function closeUntitled(): Promise<void> {
  for (const { document } of window.visibleTextEditors) {
    if (!document.isUntitled) continue;
    await window.showTextDocument(document);
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/** How many panels of a kind are open. */
export const panelTabs = (kind: string): number =>
  window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof TabInputWebview && tab.input.viewType.endsWith(kind)).length;

/** Reverts edits and waits for the trace that an open panel makes of that. */
export async function undoEverything(): Promise<void> {
  const dirty = workspace.textDocuments.filter((candidate) => candidate.isDirty);
  for (const document of dirty) {
    await window.showTextDocument(document);
    await commands.executeCommand('workbench.action.files.revert');
  }
  if (dirty.length === 0) return;
  const { runner } = await services();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await until('quiet', () => (runner.status.kind === 'running' ? undefined : true));
}
