// What is wrong with the user's text, told when a run could not be carried out: it is the likely reason.

import type { Program } from '../program/program.ts';
import { firstMismatch } from './bracket-check.ts';
import type { Edits } from './intrinsic-uses.ts';

/** As many as a reader takes in. */
const MOST = 5;

/** Places of the loaded units where the text is no C, `path:line: reason`; edited files first. */
export function treeProblems(program: Program, { source, base }: Edits): readonly string[] {
  const found = new Set<string>();
  const isEdited = (path: string): boolean => base !== undefined && source.read(path) !== base.read(path);
  const units = [...program.loadedUnits].sort((a, b) => Number(isEdited(b)) - Number(isEdited(a)));
  for (const path of units) {
    const text = source.read(path);
    const mismatch = text === undefined ? undefined : firstMismatch(text);
    if (mismatch !== undefined) found.add(`${path}:${mismatch.line}: ${mismatch.reason}`);
    const loaded = program.unitAt(path);
    for (const { place, reason } of [...(loaded?.lacks ?? []), ...(loaded?.unit.problems() ?? [])])
      found.add(`${place.path}:${place.line}: ${reason}`);
  }
  return [...found].slice(0, MOST);
}

/** A reason with the text's own problems before it. */
export function withProblems(reason: string, problems: readonly string[]): string {
  return problems.length === 0 ? reason : `${problems.join('; ')} (${reason})`;
}
