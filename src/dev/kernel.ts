// `npm run kernel -- 6.1`: fetches a kernel tree into the cache and prints where it is.

import { ensureKernel, Unavailable } from './kernel-source.ts';

const [version] = process.argv.slice(2);
if (version === undefined || !/^\d+\.\d+$/.test(version)) {
  console.error('usage: npm run kernel -- VERSION, for example 6.1');
  process.exit(2);
}
try {
  console.log(await ensureKernel(version));
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  console.error(`daxtrace: ${error.message}`);
  process.exit(1);
}
