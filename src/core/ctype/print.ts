// Types as C text, for messages and reports.

import type { CType } from './types.ts';
import { ATOMIC, CONST, RESTRICT, VOLATILE } from './types.ts';

/** A type as C writes it, around `name` when given: `int (*name)(void)`. */
export function describeType(type: CType, name = ''): string {
  switch (type.kind) {
    case 'void':
    case 'float':
    case 'int':
    case 'record':
    case 'vector':
      return join(qualified(type.quals, base(type)), name);
    case 'pointer': {
      const inner = `*${qualified(type.quals, '').trim()}${type.quals !== 0 && name !== '' ? ' ' : ''}${name}`;
      const wrap = type.to.kind === 'array' || type.to.kind === 'function';
      return describeType(type.to, wrap ? `(${inner})` : inner);
    }
    case 'array':
      return describeType(type.element, `${name}[${type.sizeLocal === undefined ? (type.length ?? '') : '*'}]`);
    case 'function': {
      const params = type.params.map((param) => describeType(param));
      if (type.variadic) params.push('...');
      else if (params.length === 0 && type.prototyped) params.push('void');
      return describeType(type.returns, `${name}(${params.join(', ')})`);
    }
  }
}

function base(type: CType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'float':
      return type.name;
    case 'int':
      if (type.enumeration === undefined) return type.name;
      return `enum ${type.enumeration.tag ?? '<anonymous>'}`;
    case 'record':
      return `${type.record.keyword} ${type.record.tag ?? '<anonymous>'}`;
    case 'vector':
      return `${base(type.element)} __vector(${type.size})`;
    default:
      return '';
  }
}

function qualified(quals: number, text: string): string {
  const words: string[] = [];
  if (quals & CONST) words.push('const');
  if (quals & VOLATILE) words.push('volatile');
  if (quals & RESTRICT) words.push('restrict');
  if (quals & ATOMIC) words.push('_Atomic');
  if (text !== '') words.push(text);
  return words.join(' ');
}

function join(text: string, name: string): string {
  return name === '' ? text : `${text} ${name}`;
}
