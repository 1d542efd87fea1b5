// Which VS Code runs a suite: a desktop one that is installed, downloaded ones, or the server in a browser; decides, runs nothing.

import { posix, win32 } from 'node:path';

export type HostChoice =
  | { readonly kind: 'desktop'; readonly executable: string; readonly why: string }
  | { readonly kind: 'download'; readonly versions: readonly string[]; readonly why: string }
  | { readonly kind: 'server'; readonly why: string };

/** What the decision depends on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of the `code` launcher on the PATH with links resolved, or undefined. */
  readonly launcher: string | undefined;
  readonly exists: (path: string) => boolean;
  /** True when VS Code can be downloaded from here; asked only when that would help. */
  readonly canDownload: () => Promise<boolean>;
  /** Versions to download: the oldest that package.json allows, and stable. */
  readonly versions: readonly string[];
}

/**
 * The program behind a launcher. Launchers return at once, so a suite behind one would seem to end before it began.
 * Undefined for the `code` of a remote terminal, which only talks to a window that is open already.
 */
export function programBehind(launcher: string, platform: NodeJS.Platform, exists: (path: string) => boolean): string | undefined {
  const paths = platform === 'win32' ? win32 : posix;
  if (/[\\/]remote-cli[\\/]/.test(launcher)) return undefined;
  const above = paths.dirname(paths.dirname(launcher));
  const candidates = [
    // deb, rpm, tar: bin/code beside code.
    paths.join(above, 'code'),
    // Windows: bin\code.cmd beside Code.exe.
    paths.join(above, 'Code.exe'),
    // macOS: Visual Studio Code.app/Contents/Resources/app/bin/code.
    paths.join(above, '../../MacOS/Electron'),
    paths.join(above, '../../MacOS/Code'),
  ];
  const isLauncher = /[\\/]bin[\\/]code(\.cmd)?$/.test(launcher);
  if (isLauncher) return candidates.find(exists);
  // snapd starts every program through one binary.
  if (/[\\/]snap$/.test(launcher)) return ['/snap/code/current/usr/share/code/code'].find(exists);
  return exists(launcher) ? launcher : undefined;
}

/** Decides which host runs, with the reason for the one printed line. */
export async function decideHost({ platform, env, launcher, exists, canDownload, versions }: Surroundings): Promise<HostChoice> {
  const named = env['VSCODE_PATH'];
  const isNamed = named !== undefined && named !== '';
  if (isNamed && !exists(named)) return { kind: 'server', why: `VSCODE_PATH names ${named}, which does not exist` };
  const from = isNamed ? named : launcher;
  const executable = from === undefined ? undefined : programBehind(from, platform, exists);
  const isBlind = platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY'];
  if (executable !== undefined) {
    if (isBlind) return { kind: 'server', why: `${executable} is there, but no display (DISPLAY is not set)` };
    return { kind: 'desktop', executable, why: `found ${executable}` };
  }
  const missing =
    from === undefined
      ? 'there is no `code` on the PATH and VSCODE_PATH is not set'
      : `${from} only starts a VS Code that is not on this machine`;
  if (isBlind || versions.length === 0 || !(await canDownload())) return { kind: 'server', why: missing };
  return { kind: 'download', versions, why: `${missing}, but VS Code can be downloaded` };
}
