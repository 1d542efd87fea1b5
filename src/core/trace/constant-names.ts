// What the tree's own text calls a value: enumerators and combinations of flags.

import type { CType, EnumMember } from '../ctype/types.ts';

/** Enumerations whose members are the bits of a parameter that is declared as a plain int; by the name it has wherever it stands. */
const FLAGS_BY_NAME: Readonly<Record<string, string>> = { mf_flags: 'enum mf_flags' };

/** The same where only the function tells which flags are meant (mm/memory-failure.c). */
const FLAGS_BY_FUNCTION: Readonly<Record<string, string>> = {
  memory_failure: 'enum mf_flags',
  memory_failure_dev_pagemap: 'enum mf_flags',
  memory_failure_queue: 'enum mf_flags',
  mf_generic_kill_procs: 'enum mf_flags',
  unmap_and_kill: 'enum mf_flags',
  kill_procs: 'enum mf_flags',
  kill_proc: 'enum mf_flags',
};

/** Type that holds the bits of a parameter; undefined when none is known. */
export function flagsType(functionName: string, parameter: string): string | undefined {
  return FLAGS_BY_NAME[parameter] ?? (parameter === 'flags' ? FLAGS_BY_FUNCTION[functionName] : undefined);
}

/** The members of an enumeration; undefined for any other type, and for one that is only named. */
export function membersOf(type: CType | undefined): readonly EnumMember[] | undefined {
  return type?.kind === 'int' && type.enumeration?.complete === true ? type.enumeration.members : undefined;
}

/** The first enumerator that has a value. */
export function enumeratorName(value: bigint, members: readonly EnumMember[]): string | undefined {
  return members.find((member) => member.value === value)?.name;
}

/** `A|B` when every bit of a value has a name; undefined for 0 and when a bit has none. */
export function flagNames(value: bigint, members: readonly EnumMember[]): string | undefined {
  let rest = value;
  const names: string[] = [];
  for (const member of members) {
    if (member.value === 0n || (value & member.value) !== member.value || (rest & member.value) === 0n) continue;
    names.push(member.name);
    rest &= ~member.value;
  }
  return rest === 0n && names.length > 0 ? names.join('|') : undefined;
}
