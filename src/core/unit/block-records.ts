// Records that are defined inside a function, found by tag; DWARF lists them beside those at file scope.

import { fieldsOf } from '../ctype/layout.ts';
import type { CType, RecordType } from '../ctype/types.ts';
import type { TokenStream } from '../preprocessor/token-stream.ts';
import type { UnitApi } from './api.ts';

/**
 * The first record `keyword tag` that a function of the unit defines in one of its blocks and uses for a local object,
 * or undefined. Parses the one function that holds the definition.
 */
export function blockRecord(unit: UnitApi, keyword: 'struct' | 'union', tag: string): RecordType | undefined {
  const at = definitionOf(unit.tokens, keyword, tag);
  if (at < 0) return undefined;
  const holder = unit
    .functionDefinitions()
    .filter((f) => f.at < at)
    .reduce<{ name: string; at: number } | undefined>((last, f) => (last === undefined || f.at > last.at ? f : last), undefined);
  const parsed = holder === undefined ? undefined : unit.definition(holder.name);
  if (parsed?.kind !== 'parsed') return undefined;
  const seen = new Set<CType>();
  for (const object of [...parsed.value.locals, ...parsed.value.statics]) {
    const found = recordIn(unit, object.type, keyword, tag, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Token index of the tag in `keyword tag {`, or -1. */
function definitionOf(tokens: TokenStream, keyword: string, tag: string): number {
  const { interner } = tokens;
  const [keywordId, tagId, braceId] = [interner.find(keyword), interner.find(tag), interner.find('{')];
  if (tagId < 0) return -1;
  for (let i = 1; i + 1 < tokens.length; i++) {
    if (tokens.id[i] === tagId && tokens.id[i - 1] === keywordId && tokens.id[i + 1] === braceId) return i;
  }
  return -1;
}

function recordIn(unit: UnitApi, type: CType, keyword: string, tag: string, seen: Set<CType>): RecordType | undefined {
  if (seen.has(type)) return undefined;
  seen.add(type);
  switch (type.kind) {
    case 'pointer':
      return recordIn(unit, type.to, keyword, tag, seen);
    case 'array':
      return recordIn(unit, type.element, keyword, tag, seen);
    case 'record': {
      const { record } = type;
      // A record at file scope cannot hold one of a block.
      if (record.tag !== undefined && unit.record(record.keyword, record.tag)?.record === record) return undefined;
      if (record.keyword === keyword && record.tag === tag) return type;
      for (const field of fieldsOf(record)) {
        const found = recordIn(unit, field.type, keyword, tag, seen);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}
