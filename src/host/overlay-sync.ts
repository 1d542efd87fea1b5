// Unsaved editor text reaches the engine before its next call, and tells open panels that something changed.
import { EventEmitter, RelativePattern, Uri, workspace, type Disposable, type FileSystemWatcher, type TextDocument } from 'vscode';
import { DisposableStore } from './disposable.ts';
import type { Trees } from './trees.ts';

export class OverlaySync implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new EventEmitter<string>());
  /** Paths (relative to the tree) whose present text the engine has not seen. */
  private readonly pending = new Set<string>();
  private readonly dirty = new Map<string, TextDocument>();
  private readonly trees: Trees;
  private watcher: FileSystemWatcher | undefined;
  /** Fires with the path of a file whose text differs from what the last trace saw. */
  readonly onDidChange = this.changed.event;

  constructor(trees: Trees) {
    this.trees = trees;
    this.store.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // The first edit arrives before isDirty is true; the change of isDirty comes as an event without edits.
        if (contentChanges.length > 0 || document.isDirty) this.note(document, true);
        else this.note(document, false);
      }),
    );
    this.store.add(
      workspace.onDidSaveTextDocument((document) => {
        this.note(document, false);
      }),
    );
    this.store.add(
      workspace.onDidCloseTextDocument((document) => {
        this.note(document, false);
      }),
    );
    // Another tree: what was pending belonged to the old one.
    this.store.add(
      trees.onDidChange(() => {
        this.reset();
        this.watch();
      }),
    );
    this.reset();
    this.watch();
  }

  /** Texts to send before the next call; null means "as on disk". */
  takePending(): Readonly<Record<string, string | null>> {
    const texts: Record<string, string | null> = {};
    for (const path of this.pending) texts[path] = this.dirty.get(path)?.getText() ?? null;
    this.pending.clear();
    return texts;
  }

  /** Every unsaved text, for a worker that starts. */
  all(): Readonly<Record<string, string | null>> {
    this.pending.clear();
    return Object.fromEntries([...this.dirty].map(([path, document]) => [path, document.getText()]));
  }

  /** Unsaved files of the tree, sorted. */
  get edited(): readonly string[] {
    return [...this.dirty.keys()].sort();
  }

  dispose(): void {
    this.watcher?.dispose();
    this.store.dispose();
  }

  /** A checkout or a build changes files behind the editor's back. */
  private watch(): void {
    this.watcher?.dispose();
    const root = this.trees.current?.root;
    if (root === undefined) return;
    this.watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(root), '**/*.{c,h}'));
    const changed = ({ fsPath }: Uri): void => {
      const path = this.trees.pathInTree(fsPath);
      if (path === undefined || this.dirty.has(path)) return;
      this.pending.add(path);
      this.changed.fire(path);
    };
    this.watcher.onDidChange(changed);
    this.watcher.onDidCreate(changed);
    this.watcher.onDidDelete(changed);
  }

  private note(document: TextDocument, edited: boolean): void {
    const path = this.pathOf(document);
    if (path === undefined || (!edited && !this.dirty.has(path))) return;
    if (edited) this.dirty.set(path, document);
    else this.dirty.delete(path);
    this.pending.add(path);
    this.changed.fire(path);
  }

  private reset(): void {
    this.pending.clear();
    this.dirty.clear();
    for (const document of workspace.textDocuments) {
      const path = document.isDirty ? this.pathOf(document) : undefined;
      if (path === undefined) continue;
      this.dirty.set(path, document);
      this.pending.add(path);
    }
  }

  private pathOf(document: TextDocument): string | undefined {
    return document.uri.scheme === 'file' ? this.trees.pathInTree(document.uri.fsPath) : undefined;
  }
}
