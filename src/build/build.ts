// `npm run build`: writes dist/ and says what it made.
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
await bundle({ root, development: process.argv.includes('--development') });
for (const file of ['extension.cjs', 'worker.cjs', 'cli.cjs', 'webview/trace.js', 'webview/graph.js', 'webview/compare.js']) {
  const { size } = await stat(join(root, 'dist', file));
  console.error(`dist/${file}  ${Math.ceil(size / 1024)} KB`);
}
