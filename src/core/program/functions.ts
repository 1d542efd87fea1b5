// The program's functions: numbers for names, and finding and lowering the body behind a number.
import { lowerFunction } from '../lower/lower.ts';
import type { Linker } from '../lower/linker.ts';
import type { ResolvedFunction, Signature } from '../machine/code-provider.ts';
import type { Intrinsic, IntrinsicRegistry } from '../machine/intrinsic.ts';
import { textBase } from '../machine/regions.ts';
import type { CType, FunctionType } from '../ctype/types.ts';
import { returnsInMemory } from '../lower/records.ts';
import type { FunctionDefinition, FunctionRef } from '../unit/ast.ts';
import type { LoadedUnit } from './unit-loader.ts';

/** A function as some unit declares it. */
export interface FunctionEntry {
  readonly id: number;
  readonly name: string;
  /** The unit of a static function; for external ones the unit that first named it. */
  readonly from: LoadedUnit | undefined;
  readonly isStatic: boolean;
  /** A declaration; external names get theirs from the first unit that has one. */
  ref: FunctionRef | undefined;
  /** Unit whose body runs; known after the first call. */
  home: LoadedUnit | undefined;
  resolved: ResolvedFunction | undefined;
  signature: Signature | undefined;
  refused: boolean;
}

/** What the table asks of the program. */
export interface FunctionHost {
  readonly intrinsics: IntrinsicRegistry;
  readonly definitionsFirst: boolean;
  linkerOf(unit: LoadedUnit): Linker;
  /** Units that define an external name, strong definitions first; loads candidates as needed. */
  definersOf(name: string, preferred: LoadedUnit | undefined): Iterable<LoadedUnit>;
}

/** Bits of a scalar type, negative when signed; 64 for everything that travels as a pair of words; 0 for void. */
function bitsOf(type: CType): number {
  switch (type.kind) {
    case 'void':
      return 0;
    case 'int':
      return type.name === '_Bool' ? 8 : Math.min(type.size, 8) * (type.signed ? -8 : 8);
    case 'record':
    case 'pointer':
    case 'float':
    case 'array':
    case 'function':
    case 'vector':
      return 64;
  }
}

function signatureOf(type: FunctionType): Signature {
  const params = type.params.map(bitsOf);
  return returnsInMemory(type.returns) ? { params: [64, ...params], returns: 64 } : { params, returns: bitsOf(type.returns) };
}

function compiletimeAssert(name: string): Intrinsic {
  return {
    name,
    prototype: `void ${name}(void)`,
    file: 'include/linux/compiler_types.h',
    params: {},
    returns: undefined,
    fidelity: 'exact',
    reason: 'decided by the compiler',
    run: () => undefined,
    resume: () => undefined,
  };
}

/** Every function that was ever named, with its number and its address. */
export class Functions {
  readonly entries: FunctionEntry[] = [];
  private readonly external = new Map<string, number>();
  private readonly internal = new Map<string, Map<string, number>>();
  private readonly host: FunctionHost;
  /** Numbers that were looked up, or are being looked up. */
  private readonly found = new Set<number>();

  constructor(host: FunctionHost) {
    this.host = host;
    // Number 0 is nobody: its address would be the start of the text.
    this.add('_stext', undefined, false, undefined);
  }

  /** Number of a function as a unit means it. */
  idOf(ref: FunctionRef, from: LoadedUnit): number {
    const name = ref.attributes.asmName ?? ref.name;
    if (ref.linkage === 'internal') {
      let table = this.internal.get(from.path);
      if (table === undefined) {
        table = new Map();
        this.internal.set(from.path, table);
      }
      return known(table, name) ?? this.remember(table, name, this.add(name, from, true, ref));
    }
    const id = known(this.external, name) ?? this.remember(this.external, name, this.add(name, from, false, ref));
    const entry = this.entries[id] as FunctionEntry;
    entry.ref ??= ref;
    return id;
  }

  /** Number of an external name that no unit has declared so far. */
  externalId(name: string): number {
    return known(this.external, name) ?? this.remember(this.external, name, this.add(name, undefined, false, undefined));
  }

  knownExternal(name: string): number | undefined {
    return this.external.get(name);
  }

  addressOf(id: number): bigint {
    return textBase + 16n * BigInt(id);
  }

  /** Body or intrinsic behind a number, worked out once. */
  resolve(id: number): ResolvedFunction {
    const entry = this.entries[id];
    if (entry === undefined) return { kind: 'limit', limit: { kind: 'unmodelled-function', text: `no function with number ${id}` } };
    // Aliases may name each other in a broken file.
    entry.resolved ??= {
      kind: 'limit',
      limit: { kind: 'unmodelled-function', name: entry.name, text: `${entry.name} is an alias of itself` },
    };
    if (!this.found.has(id)) {
      this.found.add(id);
      entry.resolved = this.find(entry);
    }
    return entry.resolved;
  }

  signature(id: number): Signature {
    const entry = this.entries[id];
    if (entry === undefined) return { params: [], returns: 64 };
    if (entry.signature === undefined) {
      if (entry.ref === undefined) return { params: [], returns: 64 };
      entry.signature = signatureOf(entry.ref.type);
    }
    return entry.signature;
  }

  /** Parsed body of a function, without lowering it. */
  definition(id: number): { unit: LoadedUnit; definition: FunctionDefinition } | undefined {
    const entry = this.entries[id];
    if (entry === undefined) return undefined;
    for (const unit of this.homes(entry)) {
      const parsed = unit.unit.definition(entry.name);
      if (parsed.kind === 'parsed') return { unit, definition: parsed.value };
    }
    return undefined;
  }

  private find(entry: FunctionEntry): ResolvedFunction {
    const intrinsic = this.host.intrinsics.find(entry.name);
    if (intrinsic !== undefined && !(this.host.definitionsFirst && this.isDefined(entry))) return { kind: 'intrinsic', intrinsic };
    const errorText = entry.ref?.attributes.errorText;
    // BUILD_BUG_ON() and the like: whether the condition is constant depends on what an optimiser proves, which this machine
    // does not; a tree that builds never reaches the call, so it means nothing here.
    if (errorText !== undefined && entry.name.startsWith('__compiletime_assert_'))
      return { kind: 'intrinsic', intrinsic: compiletimeAssert(entry.name) };
    if (errorText !== undefined) {
      return {
        kind: 'limit',
        limit: {
          kind: 'unmodelled-function',
          name: entry.name,
          text: `${entry.name}() was called, which the compiler would refuse: ${errorText}`,
        },
      };
    }
    for (const unit of this.homes(entry)) {
      const declared = unit.unit.function(entry.name);
      if (declared.kind === 'parsed') entry.ref ??= declared.value;
      const alias = declared.kind === 'parsed' ? declared.value.attributes.alias : undefined;
      if (alias !== undefined && alias !== entry.name) {
        const target = unit.unit.function(alias);
        if (target.kind === 'parsed') return this.resolve(this.idOf(target.value, unit));
      }
      const parsed = unit.unit.definition(entry.name);
      if (parsed.kind === 'absent') continue;
      entry.home = unit;
      if (parsed.kind === 'refused') {
        const { reason, place } = parsed.refusal;
        return this.refuse(entry, `${entry.name} is not understood: ${reason} (${place.path}:${place.line})`);
      }
      const lowered = lowerFunction(parsed.value, this.host.linkerOf(unit));
      if (lowered.kind === 'refused') {
        const place = unit.unit.tokens.place(lowered.at);
        return this.refuse(entry, `${entry.name} is not executed: ${lowered.reason} (${place.path}:${place.line})`);
      }
      return { kind: 'lowered', fn: lowered.fn };
    }
    const text = `${entry.name}() is neither defined in the files of this tree that were searched nor modelled`;
    return { kind: 'limit', limit: { kind: 'unmodelled-function', name: entry.name, text } };
  }

  private isDefined(entry: FunctionEntry): boolean {
    for (const unit of this.homes(entry)) if (unit.unit.definition(entry.name).kind !== 'absent') return true;
    return false;
  }

  private homes(entry: FunctionEntry): Iterable<LoadedUnit> {
    if (entry.isStatic) return entry.from === undefined ? [] : [entry.from];
    return this.host.definersOf(entry.name, entry.from);
  }

  private refuse(entry: FunctionEntry, text: string): ResolvedFunction {
    entry.refused = true;
    return { kind: 'limit', limit: { kind: 'refused-function', name: entry.name, text } };
  }

  private add(name: string, from: LoadedUnit | undefined, isStatic: boolean, ref: FunctionRef | undefined): number {
    const id = this.entries.length;
    this.entries.push({ id, name, from, isStatic, ref, home: undefined, resolved: undefined, signature: undefined, refused: false });
    return id;
  }

  private remember(table: Map<string, number>, name: string, id: number): number {
    table.set(name, id);
    return id;
  }
}

function known(table: Map<string, number>, name: string): number | undefined {
  return table.get(name);
}
