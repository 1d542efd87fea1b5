// Stages inside a real VS Code: the suite (trusted, then Restricted Mode) and the packaged extension as a person uses it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildSuite, chooseHost, runInHost } from '../host-run.ts';
import { root, run } from '../process.ts';
import { HostUnavailable } from '../server-host.ts';
import { couldNotRun, oneCheck, type Outcome, type Stage } from './stage.ts';

const sample = join(root, 'media/sample-kernel');

const hostNames = { desktop: 'desktop VS Code', download: 'downloaded VS Code', server: 'VS Code server in Chromium' } as const;

/** Bundles the extension; the result is one check of its own. */
async function bundled(): Promise<boolean> {
  return (await run(process.execPath, ['src/build/build.ts', '--development'])).code === 0;
}

async function suite(restricted: boolean): Promise<Outcome> {
  if (!(await bundled())) return couldNotRun('npm run build fails');
  if ((await buildSuite()) === 0) return couldNotRun('there are no tests in test/host/suite');
  const choice = await chooseHost({ download: true });
  console.log(`host: ${hostNames[choice.kind]}, because ${choice.why}`);
  try {
    const report = await runInHost(choice, { workspace: sample, restricted });
    if (report.skipped.length > 0) console.log(`not run here: ${report.skipped.join('; ')}`);
    if (report.passed + report.failures.length === 0) return couldNotRun('the suite ran no test');
    return {
      passed: report.passed,
      failed: report.failures.length,
      notes: report.failures.map((failure) => `${failure.title}: ${failure.message.split('\n')[0] ?? ''}`),
    };
  } catch (error) {
    if (error instanceof HostUnavailable) return couldNotRun(error.message);
    throw error;
  }
}

export const hostStages: readonly Stage[] = [
  {
    name: 'build',
    title: 'build (esbuild)',
    run: async () => oneCheck(await bundled(), 'npm run build fails'),
  },
  { name: 'host', title: 'suite inside VS Code', run: () => suite(false) },
  { name: 'restricted', title: 'suite inside VS Code, Restricted Mode', run: () => suite(true) },
  {
    name: 'product',
    title: 'the packaged extension, driven as a person would',
    async run() {
      const script = 'test/host/product.ts';
      if (!existsSync(join(root, script))) return couldNotRun(`${script} is missing`);
      const done = await run(process.execPath, [script], { capture: true, timeout: 40 * 60_000, onOutput: (t) => process.stdout.write(t) });
      const summary = /^(\d+) passed, (\d+) failed$/m.exec(done.stdout);
      if (summary === null) return couldNotRun(`${script} ended with code ${done.code} and no summary`);
      const notes = [...done.stdout.matchAll(/^ {2}FAIL (.*)$/gm)].map((match) => match[1] ?? '');
      return { passed: Number(summary[1]), failed: Number(summary[2]), notes };
    },
  },
];
