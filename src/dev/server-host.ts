// VS Code's server with the workbench in a browser: the host for machines that have no desktop VS Code (npm package code-server).

import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { killTree, root, run, start, temporaryFolder } from './process.ts';

const home = join(root, 'test/host/server');
const vscode = join(home, 'node_modules/code-server/lib/vscode');

export class HostUnavailable extends Error {}

/** Runs the npm that started us, under the Node that runs us. */
function npm(args: readonly string[], cwd: string): ReturnType<typeof run> {
  const own = process.env['npm_execpath'];
  const [command, first] = own?.endsWith('.js') === true ? [process.execPath, [own]] : ['npm', []];
  return run(command, [...first, ...args], { cwd, capture: true });
}

/** Installs the server when it is missing (170 MB, half a minute; no build scripts: only terminals need native modules). */
export async function installServer(): Promise<void> {
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const wanted = (read(join(home, 'package.json')) as { dependencies: Record<string, string> }).dependencies['code-server'];
  const manifest = join(home, 'node_modules/code-server/package.json');
  const have = existsSync(manifest) ? (read(manifest) as { version: string }).version : undefined;
  if (have === wanted && existsSync(join(vscode, 'node_modules/.package-lock.json'))) return;
  console.error(`installing VS Code's server (code-server ${wanted}) into test/host/server, about half a minute`);
  for (const [args, cwd] of [
    [['ci', '--ignore-scripts'], home],
    [['install', '--omit=dev', '--ignore-scripts', '--no-save'], vscode],
  ] as const) {
    const done = await npm(args, cwd);
    if (done.code !== 0) {
      throw new HostUnavailable(`npm ${args.join(' ')} failed for code-server: ${done.output.trim().split('\n').at(-1)}`);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

export interface ServerOptions {
  /** Ask whether the workspace is trusted; without, everything is. */
  readonly workspaceTrust: boolean;
  /** Let the page run a test suite (`payload` in the address). */
  readonly smokeTest: boolean;
  /** User settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Environment of the server and of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Extension package to install before the start. */
  readonly vsix?: string;
  /** Folder of an extension to use as if it were installed. */
  readonly extension?: string;
}

export interface Server {
  readonly port: number;
  /** Address of the workbench on a folder. */
  address(folder: string, query?: Readonly<Record<string, string>>): string;
  /** Replaces the user settings; the workbench notices at once. */
  setSettings(settings: Readonly<Record<string, unknown>>): void;
  /** What the server printed so far. */
  log(): string;
  close(): void;
}

/** Starts a server with fresh data folders. @throws HostUnavailable when it does not come up */
export async function startServer(options: ServerOptions): Promise<Server> {
  await installServer();
  const data = temporaryFolder('server');
  const folders = ['user', 'extensions', 'server'].map((name) => join(data, name));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const [user = '', extensions = '', server = ''] = folders;
  const setSettings = (settings: Readonly<Record<string, unknown>>): void => {
    mkdirSync(join(user, 'User'), { recursive: true });
    writeFileSync(join(user, 'User/settings.json'), JSON.stringify(settings, null, 2));
  };
  setSettings(options.settings);
  const main = join(vscode, 'out/server-main.js');
  if (options.vsix !== undefined) {
    const args = [main, '--install-extension', options.vsix, '--extensions-dir', extensions, '--server-data-dir', server];
    const done = await run(process.execPath, args, { capture: true, timeout: 3 * 60_000 });
    if (done.code !== 0) throw new HostUnavailable(`the server cannot install ${options.vsix}: ${done.output.trim()}`);
  }
  // The scan of a fresh extensions folder follows links.
  if (options.extension !== undefined) symlinkSync(options.extension, join(extensions, 'extension'), 'dir');
  const port = await freePort();
  const args = [
    main,
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
    ...['--accept-server-license-terms', '--disable-telemetry'],
    ...['--user-data-dir', user, '--extensions-dir', extensions, '--server-data-dir', server],
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ...(options.smokeTest ? ['--enable-smoke-test-driver'] : []),
  ];
  const child = start(process.execPath, args, { capture: true, env: { ...options.env } });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (log += data.toString()));
  const base = `http://127.0.0.1:${port}/`;
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null || attempt > 300) {
      killTree(child);
      throw new HostUnavailable(`VS Code's server does not answer: ${log.trim().split('\n').slice(-3).join(' ')}`);
    }
    const answer = await fetch(base, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined && answer.status < 500) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port,
    address: (folder, query = {}) => base + '?' + new URLSearchParams({ folder, ...query }).toString().replaceAll('+', '%20'),
    setSettings,
    log: () => log,
    close: () => {
      killTree(child);
    },
  };
}
