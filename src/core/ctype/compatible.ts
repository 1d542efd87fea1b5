// Type compatibility and composite types (C11 6.2.7), as gcc's comptypes decides them.

import type { CType, FunctionType, IntType } from './types.ts';
import { INT, functionType, qualsOf, unqualified } from './types.ts';

/** Compatible at every level, qualifiers below the top level included; those of the top level are ignored. */
export function compatible(a: CType, b: CType): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'void':
      return true;
    case 'int': {
      const other = b as IntType;
      if (a.enumeration !== undefined && other.enumeration !== undefined) return a.enumeration === other.enumeration;
      return a.name === other.name;
    }
    case 'float':
      return b.kind === 'float' && a.name === b.name;
    case 'pointer':
      return b.kind === 'pointer' && sameQualified(a.to, b.to);
    case 'array':
      return (
        b.kind === 'array' &&
        sameQualified(a.element, b.element) &&
        (a.length === undefined || b.length === undefined || a.length === b.length)
      );
    case 'record':
      return b.kind === 'record' && a.record === b.record;
    case 'vector':
      return b.kind === 'vector' && a.size === b.size && compatible(a.element, b.element);
    case 'function':
      return b.kind === 'function' && compatibleFunctions(a, b);
  }
}

/** Compatible and equally qualified. */
function sameQualified(a: CType, b: CType): boolean {
  return qualsOf(a) === qualsOf(b) && compatible(a, b);
}

function compatibleFunctions(a: FunctionType, b: FunctionType): boolean {
  if (!compatible(a.returns, b.returns)) return false;
  if (!a.prototyped || !b.prototyped) {
    const known = a.prototyped ? a : b;
    // C11 6.7.6.3p15: an old-style list agrees with parameters that default promotion leaves alone.
    return !known.prototyped || (!known.variadic && known.params.every((param) => survivesPromotion(param)));
  }
  if (a.variadic !== b.variadic || a.params.length !== b.params.length) return false;
  return a.params.every((param, i) => {
    const other = b.params[i];
    return other !== undefined && compatible(param, other);
  });
}

function survivesPromotion(type: CType): boolean {
  if (type.kind === 'int') return type.rank >= INT.rank;
  return !(type.kind === 'float' && type.name === 'float');
}

/** Type of an entity declared with both: array lengths and prototypes are taken from whoever has them. */
export function composite(a: CType, b: CType): CType {
  if (a.kind === 'array' && b.kind === 'array') {
    const element = composite(a.element, b.element);
    const length = a.length ?? b.length;
    return a.length === length && element === a.element ? a : { ...a, element, length };
  }
  if (a.kind === 'function' && b.kind === 'function') {
    const returns = composite(a.returns, b.returns);
    if (!a.prototyped) return { ...b, returns };
    if (!b.prototyped) return { ...a, returns };
    const params = a.params.map((param, i) => composite(param, b.params[i] ?? param));
    return functionType(returns, params, a.variadic, true);
  }
  if (a.kind === 'pointer' && b.kind === 'pointer') {
    const to = composite(a.to, b.to);
    return to === a.to ? a : { ...a, to };
  }
  return a;
}

/** The very same type for values: nothing to convert. */
export function sameValueType(a: CType, b: CType): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'int' && b.kind === 'int') return a.name === b.name && a.enumeration === b.enumeration;
  return sameQualified(unqualified(a), unqualified(b));
}
