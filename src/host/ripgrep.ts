// VS Code ships a ripgrep; where it lies differs between desktop and server.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'vscode';

/** Path of VS Code's ripgrep, or undefined: the engine then looks on PATH and else scans by itself. */
export function findRipgrep(): string | undefined {
  const binary = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const platform = `${process.platform}-${process.arch}`;
  const folders = ['node_modules', 'node_modules.asar.unpacked'].flatMap((modules) => [
    join(modules, '@vscode/ripgrep/bin'),
    join(modules, '@vscode/ripgrep-universal/bin', platform),
  ]);
  return folders.map((folder) => join(env.appRoot, folder, binary)).find((path) => existsSync(path));
}
