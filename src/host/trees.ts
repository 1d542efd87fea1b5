// Which kernel tree is meant: the setting, the workspace folder, or the bundled sample; says once when there is none.
import { existsSync, realpathSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { commands, EventEmitter, Uri, window, workspace, type Disposable, type ExtensionContext } from 'vscode';
import { DisposableStore } from './disposable.ts';
import { labels, messages } from './messages.ts';
import { pathBelow } from './paths.ts';
import { staysOpen } from './pick.ts';
import { readSettings } from './settings.ts';

/** The file that makes a folder a kernel tree for us. */
export const landmark = 'mm/memory-failure.c';

export interface Tree {
  readonly root: string;
  readonly label: string;
  readonly config: string | null;
}

const isTree = (folder: string): boolean => existsSync(join(folder, landmark));

export class Trees implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new EventEmitter<Tree | undefined>());
  private readonly sample: string;
  /** A tree chosen in this window; wins over settings and folders. */
  private chosen: string | undefined;
  private found: Tree | undefined;
  private complained = false;
  readonly onDidChange = this.changed.event;

  constructor(context: ExtensionContext) {
    this.sample = context.asAbsolutePath('media/sample-kernel');
    this.found = this.find();
    this.store.add(
      workspace.onDidChangeWorkspaceFolders(() => {
        this.refresh();
      }),
    );
    this.store.add(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('daxtrace.tree') || event.affectsConfiguration('daxtrace.config')) this.refresh();
      }),
    );
  }

  /** The tree in use, without asking anybody. */
  get current(): Tree | undefined {
    return this.found;
  }

  /** True when the tree in use is the one that ships with the extension. */
  get isSample(): boolean {
    return this.found !== undefined && realpathSync(this.found.root) === realpathSync(this.sample);
  }

  /** The tree in use; asks when there is none. Undefined when the user declines. */
  async require(): Promise<Tree | undefined> {
    if (this.found !== undefined) return this.found;
    const choices = [labels.useSample(), labels.chooseTree()];
    // Said once; after that the choice alone, where the user is.
    const again = this.complained;
    this.complained = true;
    const answer = again
      ? await window.showQuickPick(choices, { ...staysOpen, title: this.complaint() })
      : await window.showInformationMessage(this.complaint(), ...choices);
    if (answer === labels.useSample()) this.use(this.sample);
    else if (answer === labels.chooseTree()) await this.choose();
    return this.found;
  }

  /** Opens the sample as the tree of this window and shows its first file. */
  async useSample(): Promise<void> {
    this.use(this.sample);
    await commands.executeCommand('vscode.open', Uri.file(join(this.sample, landmark)));
  }

  /** Path relative to the tree, or undefined when the file is outside. */
  pathInTree(file: string): string | undefined {
    return this.found === undefined ? undefined : pathBelow(this.found.root, file);
  }

  uriOf(path: string): Uri | undefined {
    return this.found === undefined ? undefined : Uri.file(join(this.found.root, path));
  }

  dispose(): void {
    this.store.dispose();
  }

  private async choose(): Promise<void> {
    const [folder] = (await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false })) ?? [];
    if (folder === undefined) return;
    if (isTree(folder.fsPath)) this.use(folder.fsPath);
    else void window.showWarningMessage(messages['tree.none'](folder.fsPath));
  }

  private use(root: string): void {
    this.chosen = root;
    this.refresh();
  }

  private refresh(): void {
    const before = this.found;
    this.found = this.find();
    if (before?.root !== this.found?.root || before?.config !== this.found?.config) this.changed.fire(this.found);
  }

  private find(): Tree | undefined {
    const settings = readSettings();
    const folders = (workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file').map((folder) => folder.uri.fsPath);
    const absolute = (path: string): string => (isAbsolute(path) ? path : join(folders[0] ?? '', path));
    const wanted = this.chosen ?? (settings.tree === '' ? undefined : absolute(settings.tree));
    const root = wanted ?? folders.find(isTree);
    if (root === undefined || !isTree(root)) return undefined;
    return { root, label: basename(root), config: settings.config === '' ? null : absolute(settings.config) };
  }

  private complaint(): string {
    const { tree } = readSettings();
    const folder = workspace.workspaceFolders?.[0];
    if (tree !== '') return messages['tree.settingMissing'](tree);
    if (folder === undefined) return messages['tree.noFolder']();
    return folder.uri.scheme === 'file' ? messages['tree.none'](folder.name) : messages['tree.notLocal'](folder.uri.scheme);
  }
}
