// Where functions are defined in kernel layout, as the places that an editor would ask about.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NamedPlace {
  readonly name: string;
  readonly path: string;
  /** Of the name in its definition; both from 1. */
  readonly line: number;
  readonly column: number;
}

/** Places of the definitions; names that a file does not define are left out. */
export function functionPlaces(tree: string, names: readonly (readonly [file: string, name: string])[]): NamedPlace[] {
  return names.flatMap(([path, name]) => {
    const lines = readFileSync(join(tree, path), 'utf8').split('\n');
    const definition = new RegExp(`^(?:[A-Za-z_].*[ *])?${name}\\(`);
    const index = lines.findIndex(
      (line, i) =>
        definition.test(line) &&
        !/;\s*$/.test(
          lines
            .slice(i, i + 4)
            .join(' ')
            .split('{')[0] ?? '',
        ),
    );
    return index < 0 ? [] : [{ name, path, line: index + 1, column: (lines[index] ?? '').indexOf(`${name}(`) + 1 }];
  });
}
