// Stages that run vitest: unit tests, goldens, properties, and tests over real kernel trees.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureKernel, Unavailable } from '../kernel-source.ts';
import { root, run, temporaryFolder, tool } from '../process.ts';
import { couldNotRun, sum, type Outcome, type Stage } from './stage.ts';

/** The part of vitest's JSON report that is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs the tests of some folders. Folders without tests are left out. */
async function runVitest(folders: readonly string[]): Promise<Outcome> {
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  if (present.length === 0) return couldNotRun(`no tests in ${folders.join(', ')}`);
  const report = join(temporaryFolder('vitest'), 'report.json');
  // CI: a golden that is missing is a failure, never written by the way.
  const done = await run(
    tool('vitest'),
    [
      'run',
      '--config',
      'src/dev/config/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...present,
    ],
    { env: { CI: '1' } },
  );
  if (!existsSync(report)) return couldNotRun(`vitest ended with code ${done.code} and no report`);
  const parsed = JSON.parse(readFileSync(report, 'utf8')) as Report;
  if (parsed.testResults.length === 0) return couldNotRun(`no tests in ${folders.join(', ')}`);
  const notes: string[] = [];
  let broken = 0;
  for (const file of parsed.testResults) {
    const path = file.name.replace(`${root}/`, '');
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) notes.push(`${path}: ${test.fullName}`);
    // A file that fails to load has no tests to count.
    if (file.status === 'failed' && failed.length === 0) {
      broken++;
      notes.push(`${path}: does not load`);
    }
  }
  return { passed: parsed.numPassedTests, failed: parsed.numFailedTests + broken, notes };
}

/** Fetches the trees that the tests over real kernels need. */
async function withKernels(versions: readonly string[], tests: () => Promise<Outcome>): Promise<Outcome> {
  const missing: Outcome[] = [];
  for (const version of versions) {
    try {
      console.error(`Linux ${version}: ${await ensureKernel(version)}`);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      missing.push(couldNotRun(`Linux ${version}: ${error.message}`));
    }
  }
  return sum([...missing, await tests()]);
}

export const vitestStages: readonly Stage[] = [
  {
    name: 'unit',
    title: 'unit tests and properties',
    run: () => runVitest(['test/unit', 'test/property']),
  },
  {
    name: 'golden',
    title: 'goldens',
    run: () => runVitest(['test/golden']),
  },
  {
    name: 'kernel',
    title: 'real kernel trees 6.1 and 6.12',
    run: () => withKernels(['6.1', '6.12'], () => runVitest(['test/kernel'])),
  },
];
