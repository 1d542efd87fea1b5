// Runs the Mocha suite inside a real VS Code: desktop where there is one, else the server host in a browser.

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { launchBrowser } from './chromium.ts';
import { root, run, temporaryFolder } from './process.ts';
import { HostUnavailable, startServer } from './server-host.ts';

export interface HostReport {
  readonly passed: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
  readonly skipped: readonly string[];
}

export type HostChoice =
  { readonly kind: 'desktop'; readonly executable: string; readonly why: string } | { readonly kind: 'server'; readonly why: string };

/** Decides which host runs, with the reason for the one printed line. */
export async function chooseHost(): Promise<HostChoice> {
  const own = process.env['VSCODE_PATH'];
  const named = own !== undefined && own !== '' ? own : await codeOnPath();
  if (named === undefined) return { kind: 'server', why: 'there is no `code` on the PATH and VSCODE_PATH is not set' };
  if (!existsSync(named)) return { kind: 'server', why: `VSCODE_PATH names ${named}, which does not exist` };
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return { kind: 'server', why: `${named} is there, but no display (DISPLAY is not set)` };
  }
  return { kind: 'desktop', executable: named, why: `found ${named}` };
}

/** The Electron program behind the `code` launcher: next to the bin/ folder that holds the launcher. */
async function codeOnPath(): Promise<string | undefined> {
  const found = await run('sh', ['-c', 'command -v code'], { capture: true });
  if (found.code !== 0) return undefined;
  const launcher = realpathSync(found.stdout.trim());
  const electron = join(dirname(dirname(launcher)), 'code');
  return existsSync(electron) ? electron : launcher;
}

const out = join(root, 'out/test/host');

/** Compiles test/host into out/test/host (CommonJS, which VS Code loads). */
export async function buildSuite(): Promise<number> {
  rmSync(out, { recursive: true, force: true });
  const suite = join(root, 'test/host/suite');
  const files = existsSync(suite) ? readdirSync(suite).filter((name) => name.endsWith('.test.ts')) : [];
  const common: BuildOptions = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    outExtension: { '.js': '.cjs' },
    sourcemap: 'inline',
  };
  await build({ ...common, entryPoints: ['test/host/index.ts'], outdir: out });
  if (files.length > 0) {
    await build({ ...common, entryPoints: files.map((name) => join(suite, name)), outdir: join(out, 'suite') });
  }
  return files.length;
}

export interface HostRunOptions {
  readonly workspace: string;
  /** Open the workspace without trusting it. */
  readonly restricted: boolean;
}

const SETTINGS: Readonly<Record<string, unknown>> = {
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'workbench.startupEditor': 'none',
  'git.enabled': false,
  // In a browser VS Code saves by itself; a test must not write into the sample.
  'files.autoSave': 'off',
};

/** Runs the compiled suite. @throws HostUnavailable when the host does not start or ends without a report */
export async function runInHost(choice: HostChoice, options: HostRunOptions): Promise<HostReport> {
  const report = join(temporaryFolder('report'), 'report.json');
  const env = {
    DAXTRACE_TEST_REPORT: report,
    DAXTRACE_TEST_RESTRICTED: options.restricted ? '1' : '',
    DAXTRACE_TEST_ROOT: root,
  };
  if (choice.kind === 'desktop') await runOnDesktop(choice.executable, options, env);
  else await runInServer(options, env);
  if (!existsSync(report)) throw new HostUnavailable('the suite ended without a report');
  return JSON.parse(readFileSync(report, 'utf8')) as HostReport;
}

async function runOnDesktop(executable: string, options: HostRunOptions, env: Record<string, string>): Promise<void> {
  const { runTests } = await import('@vscode/test-electron');
  const user = temporaryFolder('user');
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(out, 'index.cjs'),
      extensionTestsEnv: env,
      launchArgs: [
        options.workspace,
        `--user-data-dir=${user}`,
        '--disable-extensions',
        ...(options.restricted ? [] : ['--disable-workspace-trust']),
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    });
  } catch (error) {
    // A failing test rejects as well; then the report tells.
    if (!existsSync(env['DAXTRACE_TEST_REPORT'] ?? '')) throw new HostUnavailable(String(error));
  }
}

/** Runs in the server host; everything that VS Code logs goes to test/results/host.log. */
async function runInServer(options: HostRunOptions, env: Record<string, string>): Promise<void> {
  const server = await startServer({ workspaceTrust: options.restricted, smokeTest: true, settings: SETTINGS, env });
  const browser = await launchBrowser();
  const results = join(root, 'test/results');
  mkdirSync(results, { recursive: true });
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(join(out, 'index.cjs'))],
  ]);
  let log = '';
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const ended = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => {
        resolve(code);
      });
    });
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      const text = args.map(String).join(' ');
      log += `${type}: ${text}\n`;
      if (/^ {2}(ok {3}|FAIL )/.test(text)) console.log(text);
    });
    await page.goto(server.address(options.workspace, { payload }));
    const limit = new Promise<'late'>((resolve) => setTimeout(resolve, 10 * 60_000, 'late').unref());
    if ((await Promise.race([ended, limit])) === 'late') {
      const shot = join(results, 'host-hang.png');
      await page.screenshot({ path: shot });
      throw new HostUnavailable('the suite did not end in 10 minutes; see test/results/host-hang.png');
    }
  } finally {
    writeFileSync(join(results, `host${options.restricted ? '-restricted' : ''}.log`), `${log}\n${server.log()}`);
    await browser.close();
    server.close();
  }
}
