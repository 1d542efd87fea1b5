// New documents that belong to no file.
import { Range, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { textColumn } from './navigation.ts';

/** Shows a new untitled document with that text beside the panels. */
export async function showUntitled(content: string, language: string): Promise<TextDocument> {
  const document = await workspace.openTextDocument({ content, language });
  await window.showTextDocument(document, { viewColumn: textColumn() });
  const present = document.getText();
  if (present !== content) {
    // VS Code gives the name of a document that was just closed again, and for some seconds its text with it.
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(document.positionAt(0), document.positionAt(present.length)), content);
    await workspace.applyEdit(edit);
  }
  return document;
}
