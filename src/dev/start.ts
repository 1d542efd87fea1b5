// `npm start [-- TREE]`: builds the extension and opens a real VS Code with it on a kernel tree, showing a trace.

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chooseHost } from './host-run.ts';
import { cacheFolder, ensureKernel, Unavailable } from './kernel-source.ts';
import { root, run } from './process.ts';
import { HostUnavailable, startServer } from './server-host.ts';

/** What is traced when VS Code opens. */
const PRESET = process.env['DAXTRACE_TRACE_ON_START'] ?? 'reflinked-pair';

/** Nothing but the tree and the trace on the screen. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

const USAGE = `usage: npm start [-- TREE]
  TREE   a folder with a kernel tree, or debian:VERSION (debian:6.1, debian:6.12); default: the sample tree`;

function stop(message: string, code: number): never {
  console.error(`daxtrace: ${message}`);
  process.exit(code);
}

/** Folder of the tree to open. */
async function treeOf(argument: string | undefined): Promise<string> {
  if (argument === undefined) return join(root, 'media/sample-kernel');
  const version = /^debian:(\d+\.\d+)$/.exec(argument)?.[1];
  if (version !== undefined) return ensureKernel(version);
  if (argument.startsWith('debian:')) stop(`${argument} names no version\n${USAGE}`, 2);
  // npm changes into the package; the person's folder is in INIT_CWD.
  const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), argument);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) stop(`${folder} is no folder\n${USAGE}`, 2);
  if (!existsSync(join(folder, 'mm/memory-failure.c'))) {
    console.error(`daxtrace: ${folder} has no mm/memory-failure.c; the extension will say so and offer the sample`);
  }
  return folder;
}

const args = process.argv.slice(2);
if (args.length > 1 || args[0]?.startsWith('-') === true) stop(USAGE, 2);
try {
  const tree = await treeOf(args[0]);
  console.error('building the extension');
  if ((await run(process.execPath, ['src/build/build.ts'])).code !== 0) stop('the build failed', 1);
  const choice = await chooseHost({ download: false });
  const env = { DAXTRACE_TRACE_ON_START: PRESET };
  if (choice.kind === 'desktop') {
    console.error(`opening VS Code (${choice.executable}) on ${tree}; close its window or press Ctrl-C to end`);
    // A profile of its own: a window of a running VS Code would not see our environment.
    const profile = join(cacheFolder(), 'vscode');
    mkdirSync(profile, { recursive: true });
    const flags = ['--new-window', '--wait', `--user-data-dir=${profile}`, `--extensionDevelopmentPath=${root}`];
    if (process.getuid?.() === 0) flags.push('--no-sandbox');
    process.exit((await run(choice.executable, [...flags, tree], { env })).code);
  }
  console.error(`using VS Code's server, because ${choice.why}`);
  const server = await startServer({
    workspaceTrust: false,
    smokeTest: false,
    // Installed, not under development: with the latter VS Code in a browser shows no notifications.
    extension: root,
    settings: SETTINGS,
    env,
  });
  console.log(`\nOpen this address in a browser; the trace panel comes by itself. Ctrl-C ends the server.\n`);
  console.log(server.address(tree));
  await new Promise(() => {
    // Until Ctrl-C.
    setInterval(() => {}, 1 << 30);
  });
} catch (error) {
  if (error instanceof Unavailable || error instanceof HostUnavailable) stop(error.message, 1);
  throw error;
}
