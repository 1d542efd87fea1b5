// Names that the tree gives to values of arguments.
import { describe, expect, it } from 'vitest';
import { INT } from '../../../src/core/ctype/types.ts';
import { enumeratorName, flagNames, flagsType, membersOf } from '../../../src/core/trace/constant-names.ts';

const members = [
  { name: 'MF_COUNT_INCREASED', value: 1n },
  { name: 'MF_ACTION_REQUIRED', value: 2n },
  { name: 'MF_BOTH', value: 3n },
  { name: 'MF_SW_SIMULATED', value: 0x20n },
];

describe('names of values', () => {
  it('an enumerator is found by its value', () => {
    expect(enumeratorName(0x20n, members)).toBe('MF_SW_SIMULATED');
    expect(enumeratorName(7n, members)).toBeUndefined();
  });

  it('flags are told bit by bit, and not at all when a bit has no name', () => {
    expect(flagNames(0x21n, members)).toBe('MF_COUNT_INCREASED|MF_SW_SIMULATED');
    expect(flagNames(3n, members)).toBe('MF_COUNT_INCREASED|MF_ACTION_REQUIRED');
    expect(flagNames(0x41n, members)).toBeUndefined();
    expect(flagNames(0n, members)).toBeUndefined();
  });

  it('a plain int has no members, and only known parameters hold memory-failure flags', () => {
    expect(membersOf(INT)).toBeUndefined();
    expect(flagsType('xfs_dax_notify_failure', 'mf_flags')).toBe('enum mf_flags');
    expect(flagsType('memory_failure', 'flags')).toBe('enum mf_flags');
    expect(flagsType('xfs_iget', 'flags')).toBeUndefined();
  });
});
