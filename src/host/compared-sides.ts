// Sides of a comparison by name, so that a panel finds them again after a reload: `tree`, `disk`, `head`, `sample`, `design:NAME`.
import type { ComparedSide } from '../protocol/worker.ts';
import { committedTexts } from './edit-base.ts';
import { labels } from './messages.ts';
import type { Trees } from './trees.ts';

export const designSide = (name: string): string => `design:${name}`;

/** True for a comparison of one tree with itself before an edit. */
export const isAboutEdit = (sides: readonly string[]): boolean => sides.some((side) => side === 'disk' || side === 'head');

/** What the engine traces for a side; undefined for a name that means nothing any more. */
async function sideOf(side: string, trees: Trees, aboutEdit: boolean, edited: readonly string[]): Promise<ComparedSide | undefined> {
  const tree = trees.current?.label ?? '';
  switch (side) {
    case 'tree':
      return aboutEdit
        ? { kind: 'tree', label: labels.inEditor(), title: labels.asInEditor() }
        : { kind: 'tree', label: tree, title: labels.thisTreeDetail() };
    case 'disk':
      return { kind: 'tree', label: labels.onDisk(), title: labels.onDiskDetail(edited.join(', ')), texts: {} };
    case 'head': {
      const committed = await committedTexts(trees);
      if (committed === undefined) return undefined;
      const paths = [...new Set([...committed.paths, ...edited])].sort();
      const texts = await committed.read(paths);
      return { kind: 'tree', label: labels.head(), title: labels.headDetail(paths.join(', ')), texts };
    }
    case 'sample':
      return { kind: 'sample', title: labels.sampleTree() };
    default:
      return side.startsWith('design:') ? { kind: 'design', name: side.slice('design:'.length) } : undefined;
  }
}

/** Sides for the engine, in order; `edited` are the unsaved files. */
export async function comparedSides(sides: readonly string[], trees: Trees, edited: readonly string[]): Promise<readonly ComparedSide[]> {
  const found = await Promise.all(sides.map((side) => sideOf(side, trees, isAboutEdit(sides), edited)));
  return found.filter((side) => side !== undefined);
}
