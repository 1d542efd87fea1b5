// `npm run golden`: rewrites the goldens; a person looks at the diff. Never part of `npm test`.

import { run, tool } from './process.ts';

const args = ['run', '--config', 'src/dev/config/vitest.config.ts', '--update=all', 'test/golden', ...process.argv.slice(2)];
process.exit((await run(tool('vitest'), args)).code);
