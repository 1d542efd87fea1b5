// Entry of the suite inside a real VS Code: runs every compiled file of suite/ with Mocha and writes a report for the runner.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** What the runner reads from DAXTRACE_TEST_REPORT. */
interface HostReport {
  readonly passed: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
  /** Titles of tests that do not apply here, for example because they need a trusted workspace. */
  readonly skipped: readonly string[];
}

/** Only tests whose full title has this text, for work on one of them; every test when it is not set. */
const only = process.env['DAXTRACE_TEST_ONLY'];

/** VS Code calls this and reports failure when it rejects. */
export function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 180_000, color: false, retries: 2, ...(only === undefined ? {} : { fgrep: only }) });
  const suite = join(__dirname, 'suite');
  for (const file of readdirSync(suite).sort()) if (file.endsWith('.cjs')) mocha.addFile(join(suite, file));
  return new Promise((resolve, reject) => {
    const failures: { title: string; message: string }[] = [];
    const skipped: string[] = [];
    let passed = 0;
    const runner = mocha.run((failed) => {
      const report: HostReport = { passed, failures, skipped };
      const path = process.env['DAXTRACE_TEST_REPORT'];
      if (path !== undefined) writeFileSync(path, JSON.stringify(report));
      if (failed === 0) resolve();
      else reject(new Error(`${failed} tests failed`));
    });
    runner.on('pass', (test) => {
      passed++;
      console.log(`  ok   ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on('retry', (test: Mocha.Test, error: Error) => {
      console.log(`  once more, after "${error.message.split('\n')[0] ?? ''}": ${test.fullTitle()}`);
    });
    runner.on('fail', (test, error: Error) => {
      failures.push({ title: test.fullTitle(), message: error.stack ?? error.message });
      console.log(`  FAIL ${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
    runner.on('pending', (test) => {
      skipped.push(test.fullTitle());
    });
  });
}
