// The rooms table of src/ARCHITECTURE.md is the one that dependency-cruiser enforces, and no room escapes it.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

interface Floor {
  readonly name: string;
  readonly to: { readonly pathNot: readonly string[] };
}
const { forbidden } = createRequire(import.meta.url)(join(root, 'src/dev/config/floors.cjs')) as { readonly forbidden: readonly Floor[] };

/** Room -> rooms it may import beside base and itself, as dependency-cruiser reads it. */
const enforced = new Map(
  forbidden
    .filter(({ name }) => name.startsWith('floor of '))
    .map(({ name, to }) => {
      const room = name.slice('floor of '.length);
      const below = to.pathNot.map((path) => path.replace(/^\^src\/|\/$/g, '')).filter((path) => path !== 'base' && path !== room);
      return [room, below];
    }),
);

/** The same from the table: `session, trace (types)` names rooms of core without the prefix. */
const documented = new Map(
  [...readFileSync(join(root, 'src/ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([\w/]+)` \| [^|]* \|([^|]*)\|$/gm)].map(
    ([, room = '', cell = '']) => {
      const names = cell
        .replace(/\(types\)/g, '')
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean);
      return [room, names.map((name) => (name === 'all of core' ? 'core' : enforced.has(`core/${name}`) ? `core/${name}` : name))];
    },
  ),
);

describe('floors', () => {
  it('are documented as they are enforced', () => {
    expect(new Map([...documented].filter(([room]) => enforced.has(room)))).toEqual(enforced);
  });

  it('exist for every room', () => {
    const folders = (path: string): readonly string[] =>
      readdirSync(join(root, 'src', path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(path, entry.name));
    const rooms = [...folders('.').filter((room) => room !== 'core'), ...folders('core')];
    expect(rooms.sort()).toEqual([...enforced.keys()].sort());
  });
});
