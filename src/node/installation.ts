// Where things that ship lie: at the root of the checkout when run from source, beside dist/ when bundled.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of a shipped file or folder, given relative to the root; where it would be, when it is missing. */
export function shipped(path: string): string {
  const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, '..', path), join(here, '../..', path)];
  return candidates.find((candidate) => existsSync(candidate)) ?? join(here, '..', path);
}
