// `--overlay PATH=FILE`: a file's text replaced, as an unsaved editor would.
import { readInput, UsageError } from './command.ts';

/** `PATH=FILE`: the text of FILE stands for PATH of the tree. */
export function overlaysOf(specs: readonly string[], root: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const spec of specs) {
    const at = spec.indexOf('=');
    if (at <= 0 || at === spec.length - 1) throw new UsageError(`--overlay ${spec}: expected PATH=FILE`);
    const path = spec.slice(0, at).replace(/^\.\//, '');
    if (path.startsWith('/') || path.split('/').includes('..')) {
      throw new UsageError(`--overlay ${spec}: ${path} must be a path relative to ${root}`);
    }
    texts.set(path, readInput('--overlay', spec.slice(at + 1)));
  }
  return texts;
}
