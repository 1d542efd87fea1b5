// Which intrinsics a run used, how faithful they are, and whether the user edited a function that one replaces.

import { definitionTextIn } from '../program/definition-text.ts';
import type { FileSource } from '../source/file-source.ts';
import type { IntrinsicUse } from '../trace/result.ts';
import type { Simulation } from './simulation.ts';

/** Texts before and after the user's edits. */
export interface Edits {
  readonly source: FileSource;
  /** The tree without unsaved edits; undefined when nothing is overlaid. */
  readonly base: FileSource | undefined;
}

/** Intrinsics that were called, sorted by name. */
export function intrinsicUses(simulation: Simulation, edits: Edits): readonly IntrinsicUse[] {
  return [...simulation.recorder.intrinsicCalls]
    .map(([name, calls]): IntrinsicUse => {
      const intrinsic = simulation.intrinsics.find(name);
      const fidelity = intrinsic === undefined || intrinsic.fidelity === 'exact' ? 'exact' : `partial: ${intrinsic.fidelity.partial}`;
      const file = intrinsic?.file ?? '';
      return { function: name, file, fidelity, calls, ...(isEdited(edits, file, name) ? { edited: true } : {}) };
    })
    .sort((a, b) => (a.function < b.function ? -1 : 1));
}

/** One line for each intrinsic that stands for a function whose text was edited: the edit has no effect. */
export function editedNotes(uses: readonly IntrinsicUse[]): readonly string[] {
  return uses
    .filter((use) => use.edited === true)
    .map((use) => `${use.function}() of ${use.file} was edited, but an intrinsic stands for it: the edit has no effect here`);
}

function isEdited({ source, base }: Edits, file: string, name: string): boolean {
  if (base === undefined || file === '') return false;
  const [now, before] = [source.read(file), base.read(file)];
  if (now === undefined || now === before) return false;
  return definitionTextIn(now, name) !== (before === undefined ? undefined : definitionTextIn(before, name));
}
