// What the text in the editor can be compared with: the files on disk, and the last commit as the Git extension knows it.
import { existsSync } from 'node:fs';
import { extensions, Uri } from 'vscode';
import type { Trees } from './trees.ts';

/** The part of the Git extension's API (vscode.git, version 1) that is used here. */
interface GitRepository {
  readonly rootUri: Uri;
  readonly state: { readonly workingTreeChanges: readonly GitChange[]; readonly indexChanges: readonly GitChange[] };
  show(ref: string, path: string): Promise<string>;
}
interface GitChange {
  readonly uri: Uri;
  readonly originalUri: Uri;
}
interface GitApi {
  getRepository(uri: Uri): GitRepository | null;
}
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

/** Files that decide what a trace does. */
const isSource = (path: string): boolean => /\.[chS]$|(^|\/)(Makefile|Kbuild|Kconfig[^/]*)$/.test(path);

async function repositoryOf(trees: Trees): Promise<GitRepository | undefined> {
  const git = extensions.getExtension<GitExtension>('vscode.git');
  if (git === undefined || trees.current === undefined) return undefined;
  const api = await git.activate();
  // Switched off, or without a git program: then there is no last commit.
  if (!api.enabled) return undefined;
  return api.getAPI(1).getRepository(Uri.file(trees.current.root)) ?? undefined;
}

/** Paths of the tree that differ from the last commit on disk, and a way to read them there. */
export interface CommittedTexts {
  readonly paths: readonly string[];
  /** Text in the last commit of these paths, null where the file is new. */
  read(paths: readonly string[]): Promise<Readonly<Record<string, string | null>>>;
}

/** Undefined without Git. */
export async function committedTexts(trees: Trees): Promise<CommittedTexts | undefined> {
  const repository = await repositoryOf(trees).catch(() => undefined);
  if (repository === undefined) return undefined;
  const { workingTreeChanges, indexChanges } = repository.state;
  const changed = [...workingTreeChanges, ...indexChanges].flatMap(({ uri, originalUri }) => [uri.fsPath, originalUri.fsPath]);
  const paths = [...new Set(changed.map((file) => trees.pathInTree(file)))].filter((path) => path !== undefined && isSource(path));
  return {
    paths: paths.filter((path) => path !== undefined).sort(),
    async read(wanted) {
      const texts: Record<string, string | null> = {};
      for (const path of wanted) {
        const file = trees.uriOf(path)?.fsPath;
        if (file === undefined) continue;
        // A file that the commit does not have is new; what stands on disk must not be read in its place.
        texts[path] = await repository.show('HEAD', file).catch(() => (existsSync(file) ? '' : null));
      }
      return texts;
    },
  };
}
