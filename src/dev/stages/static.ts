// Stages that look at the source without running it: types, lint, floors, format, dead code.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, tool } from '../process.ts';
import { oneCheck, sum, type Stage } from './stage.ts';

const config = (name: string): string => join('src/dev/config', name);

async function check(name: string, args: readonly string[], what: string): Promise<ReturnType<typeof oneCheck>> {
  return oneCheck((await run(tool(name), args)).code === 0, what);
}

export const staticStages: readonly Stage[] = [
  {
    name: 'types',
    title: 'types (tsc, both projects)',
    async run() {
      const outcomes = [await check('tsc', ['--noEmit', '-p', '.'], 'tsc reports errors')];
      if (existsSync(join(root, 'src/webview/tsconfig.json'))) {
        outcomes.push(await check('tsc', ['--noEmit', '-p', 'src/webview'], 'tsc reports errors in the webview'));
      }
      return sum(outcomes);
    },
  },
  {
    name: 'lint',
    title: 'lint (eslint)',
    run: () => check('eslint', ['--config', config('eslint.config.mjs'), 'src', 'test'], 'eslint reports errors'),
  },
  {
    name: 'floors',
    title: 'floors (dependency-cruiser: imports point down)',
    run: () => check('depcruise', ['--config', config('floors.cjs'), 'src'], 'an import points up'),
  },
  {
    name: 'format',
    title: 'format (prettier)',
    run: () => check('prettier', ['--check', '--log-level', 'warn', 'src', 'test'], 'files are not formatted (npm run format)'),
  },
  {
    name: 'dead-code',
    title: 'dead code (knip)',
    run: () => check('knip', ['--config', config('knip.json'), '--no-progress'], 'knip found unused code'),
  },
  {
    name: 'readme',
    title: 'README (generated parts are fresh)',
    async run() {
      const done = await run(process.execPath, ['src/dev/readme.ts', '--check']);
      return oneCheck(done.code === 0, 'README.md is stale (npm run readme)');
    },
  },
];
