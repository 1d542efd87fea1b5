// Paths of files inside the tree, as the engine knows them.
import { relative, sep } from 'node:path';

/** Path below `root` with '/', or undefined when the file lies elsewhere. */
export function pathBelow(root: string, file: string): string | undefined {
  const path = relative(root, file);
  const outside = path === '' || path.startsWith('..') || path.startsWith(sep) || /^[A-Za-z]:/.test(path);
  return outside ? undefined : path.split(sep).join('/');
}
