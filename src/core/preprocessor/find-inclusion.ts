// Finds an earlier inclusion of a header that the next one would repeat.

import type { FoundInclude, IncludeSearch } from './include-search.ts';
import type { Inclusion } from './inclusions.ts';
import type { LexedFile } from './lexed-file.ts';
import type { SharedState } from './shared-state.ts';

/** An inclusion that found the same macros and would find the same files; undefined when the header has to be read. */
export function findInclusion(
  shared: SharedState,
  search: IncludeSearch,
  macroOf: Int32Array,
  target: FoundInclude,
  file: LexedFile,
): Inclusion | undefined {
  return shared.inclusions
    .of(file)
    .find(
      (inclusion) =>
        sameAnswer(inclusion, inclusion.target, target) && sameMacros(inclusion, macroOf) && sameFiles(inclusion, shared, search),
    );
}

/** True when the files that an inclusion read are what they were, and would be found again. */
function sameFiles(inclusion: Inclusion, shared: SharedState, search: IncludeSearch): boolean {
  const { changes } = shared.inclusions;
  if (inclusion.checked !== changes) {
    if (!inclusion.files.every((file) => shared.known(file.path) === file)) return false;
    inclusion.checked = changes;
  }
  if (inclusion.searches.has(search)) return true;
  for (const { name, next, from, found } of inclusion.lookups) {
    const now = search.find(name, next ? from.folder + 1 : undefined, from.shown);
    if (now?.path !== found.path || !sameAnswer(inclusion, now, found)) return false;
  }
  inclusion.searches.add(search);
  return true;
}

/** True when every macro that the inclusion looked at stands for what it stood for then. */
function sameMacros(inclusion: Inclusion, macroOf: Int32Array): boolean {
  const { names, found, suspect } = inclusion;
  if (suspect < names.length && macroOf[names[suspect] ?? 0] !== found[suspect]) return false;
  for (let i = 0; i < names.length; i++) {
    if (macroOf[names[i] ?? 0] === found[i]) continue;
    inclusion.suspect = i;
    return false;
  }
  return true;
}

/** True when an inclusion goes on in the same way after both answers to a search; __FILE__ is what is shown. */
function sameAnswer(inclusion: Inclusion, a: FoundInclude, b: FoundInclude): boolean {
  return a.shown === b.shown && (!inclusion.usesNext || a.folder === b.folder);
}
