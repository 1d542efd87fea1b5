// `npm run format [-- FILE…]`: prettier over the sources.

import { run, tool } from './process.ts';

const files = process.argv.slice(2);
const args = ['--write', '--log-level', 'warn', ...(files.length > 0 ? files : ['src', 'test'])];
process.exit((await run(tool('prettier'), args)).code);
