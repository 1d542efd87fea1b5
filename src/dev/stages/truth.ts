// The stage that compares with observed kernels: observations beside the checkout, and those of boots of our own.

import { join } from 'node:path';
import { ensureKernel, Unavailable } from '../kernel-source.ts';
import { root, run } from '../process.ts';
import { couldNotRun, oneCheck, type Stage } from './stage.ts';

/** DAXTRACE_TRUTH, else ../shared/ground-truth beside the checkout. */
export function truthFolder(): string {
  const own = process.env['DAXTRACE_TRUTH'];
  return own !== undefined && own !== '' ? own : join(root, '../shared/ground-truth');
}

export const truthStage: Stage = {
  name: 'truth',
  title: 'observed kernels (test/tools/truth.ts)',
  async run() {
    try {
      for (const version of ['6.1', '6.12']) await ensureKernel(version);
    } catch (error) {
      if (error instanceof Unavailable) return couldNotRun(`truth: ${error.message}`);
      throw error;
    }
    const done = await run(process.execPath, ['test/tools/truth.ts'], { timeout: 30 * 60_000 });
    return oneCheck(done.code === 0, 'traces differ from observed kernels (npm run truth)');
  },
};
