// Runs the Mocha suite inside a real VS Code: desktop where there is one, else the server host in a browser.

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { build, type BuildOptions } from 'esbuild';
import { launchBrowser } from './chromium.ts';
import { decideHost, type HostChoice } from './host-choice.ts';
import { cacheFolder } from './kernel-source.ts';
import { root, run, temporaryFolder } from './process.ts';
import { HostUnavailable, startServer } from './server-host.ts';

export interface HostReport {
  readonly passed: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
  readonly skipped: readonly string[];
}

/** Where VS Code is downloaded from; asked before anything is promised. */
const updates = 'https://update.code.visualstudio.com/api/releases/stable';

/** Oldest VS Code that package.json allows, and stable. */
function testedVersions(): readonly string[] {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { vscode: string } };
  return [engines.vscode.replace(/^\D+/, ''), 'stable'];
}

/** Decides which host runs. `download`: a VS Code that is not there yet counts too. */
export async function chooseHost({ download }: { readonly download: boolean }): Promise<HostChoice> {
  const found = await run('sh', ['-c', 'command -v code'], { capture: true });
  return decideHost({
    platform: process.platform,
    env: process.env,
    launcher: found.code === 0 ? realpathSync(found.stdout.trim()) : undefined,
    exists: existsSync,
    versions: download ? testedVersions() : [],
    canDownload: async () => {
      const answer = await fetch(updates, { method: 'HEAD', signal: AbortSignal.timeout(3000) }).catch(() => undefined);
      return answer?.ok === true;
    },
  });
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

/** Milliseconds that a suite may take. */
const suiteLimit = 20 * 60_000;
/** Milliseconds that the page of the workbench may take to load. */
const loadLimit = 2 * 60_000;

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
  switch (choice.kind) {
    case 'server':
      return reportOf((env) => runInServer(options, env));
    case 'desktop':
      return reportOf((env) => runOnDesktop(choice.executable, options, env));
    case 'download': {
      const reports: HostReport[] = [];
      for (const version of choice.versions) {
        const executable = await downloadAndUnzipVSCode({ version, cachePath: join(cacheFolder(), 'vscode-test') });
        reports.push(await reportOf((env) => runOnDesktop(executable, options, env)));
      }
      return {
        passed: reports.reduce((sum, { passed }) => sum + passed, 0),
        failures: reports.flatMap(({ failures }) => failures),
        skipped: reports.flatMap(({ skipped }) => skipped),
      };
    }
  }

  async function reportOf(start: (env: Record<string, string>) => Promise<void>): Promise<HostReport> {
    const report = join(temporaryFolder('report'), 'report.json');
    await start({
      DAXTRACE_TEST_REPORT: report,
      DAXTRACE_TEST_RESTRICTED: options.restricted ? '1' : '',
      DAXTRACE_TEST_ROOT: root,
    });
    if (!existsSync(report)) throw new HostUnavailable('the suite ended without a report');
    return JSON.parse(readFileSync(report, 'utf8')) as HostReport;
  }
}

/**
 * Starts VS Code as runTests() of @vscode/test-electron does, with profile folders of its own.
 * Not through runTests(): that passes --disable-workspace-trust always, and Restricted Mode could not be tested.
 */
async function runOnDesktop(executable: string, options: HostRunOptions, env: Record<string, string>): Promise<void> {
  const user = temporaryFolder('user');
  mkdirSync(join(user, 'User'));
  writeFileSync(join(user, 'User/settings.json'), JSON.stringify(SETTINGS, null, 2));
  const args = [
    options.workspace,
    ...['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes', '--no-cached-data'],
    ...['--disable-extensions', '--disable-telemetry'],
    ...(options.restricted ? [] : ['--disable-workspace-trust']),
    `--user-data-dir=${user}`,
    `--extensions-dir=${temporaryFolder('extensions')}`,
    `--extensionDevelopmentPath=${root}`,
    `--extensionTestsPath=${join(out, 'index.cjs')}`,
  ];
  // A failing test makes VS Code end with a code as well; the report tells more.
  const done = await run(executable, args, { capture: true, timeout: suiteLimit, env, onOutput: (text) => process.stdout.write(text) });
  if (done.code === 127) throw new HostUnavailable(`${executable} cannot be started: ${done.output}`);
  if (done.code === 124) throw new HostUnavailable(`the suite did not end in ${suiteLimit / 60_000} minutes`);
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
      if (/^ {2}(ok {3}|FAIL |once more)/.test(text)) console.log(text);
    });
    await page.goto(server.address(options.workspace, { payload }), { timeout: loadLimit });
    const limit = new Promise<'late'>((resolve) => setTimeout(resolve, suiteLimit, 'late').unref());
    if ((await Promise.race([ended, limit])) === 'late') {
      const shot = join(results, 'host-hang.png');
      await page.screenshot({ path: shot });
      throw new HostUnavailable(`the suite did not end in ${suiteLimit / 60_000} minutes; see test/results/host-hang.png`);
    }
  } finally {
    writeFileSync(join(results, `host${options.restricted ? '-restricted' : ''}.log`), `${log}\n${server.log()}`);
    await browser.close();
    server.close();
  }
}
