// Links translation units into one program: units on demand, one address per function and object, contents when touched.
import { memberPath } from '../machine/view.ts';
import type { CType, RecordType } from '../ctype/types.ts';
import { VOID } from '../ctype/types.ts';
import type { Linker } from '../lower/linker.ts';
import type { Budgets } from '../machine/api.ts';
import { findAsmModel } from '../machine/asm.ts';
import type { AsmModel, AsmSite } from '../machine/asm.ts';
import type { CodeProvider, ResolvedFunction, Signature } from '../machine/code-provider.ts';
import { Machine } from '../machine/machine.ts';
import type { ObjectNote } from '../machine/outcome.ts';
import { textBase } from '../machine/regions.ts';
import type { FunctionRef } from '../unit/ast.ts';
import type { Place } from '../../base/place.ts';
import type { FunctionInfo, ProgramApi, ProgramOptions } from './api.ts';
import { DefinitionIndex } from './definition-index.ts';
import { definitionTextIn, parameterNames } from './definition-text.ts';
import type { FunctionEntry } from './functions.ts';
import { Functions } from './functions.ts';
import { expandMacro } from './macros.ts';
import { StaticObjects } from './objects.ts';
import type { LoadedUnit, UnitLoader } from './unit-loader.ts';

/** A kernel (or a hosted program) as the machine sees it. Limits are data; a `Bug` is ours. */
export class Program implements ProgramApi, CodeProvider {
  private readonly options: ProgramOptions;
  private readonly loader: UnitLoader;
  private readonly index: DefinitionIndex;
  private readonly units = new Map<string, LoadedUnit>();
  private readonly missing = new Set<string>();
  private readonly linkers = new Map<LoadedUnit, Linker>();
  private readonly functions: Functions;
  private readonly objects: StaticObjects;
  private readonly typeCache = new Map<string, CType | undefined>();

  constructor(options: ProgramOptions, loader: UnitLoader) {
    this.options = options;
    this.loader = loader;
    this.index = options.definitions ?? loader.definitions ?? new DefinitionIndex(options.source, options.searchFirst);
    const host = {
      intrinsics: options.intrinsics,
      definitionsFirst: options.definitionsFirst ?? false,
      linkerOf: (unit: LoadedUnit) => this.linkerOf(unit),
      definersOf: (name: string, preferred: LoadedUnit | undefined) => this.definersOf(name, preferred),
      linkerSymbol: (name: string) => options.linkerSymbols?.get(name),
    };
    this.functions = new Functions(host);
    this.objects = new StaticObjects(host);
  }

  /** A machine that runs this program. A program has one machine at a time. */
  newMachine(budgets: Partial<Budgets> = {}): Machine {
    const machine = new Machine(this, budgets);
    this.objects.data.bind(machine.pages);
    this.objects.rodata.bind(machine.pages);
    return machine;
  }

  // ---- units and definitions --------------------------------------------------------------------------------------

  loadUnit(path: string): boolean {
    return this.unitAt(path) !== undefined;
  }

  get loadedUnits(): readonly string[] {
    return [...this.units.keys()];
  }

  /** The unit behind a path, loaded on first use. */
  unitAt(path: string): LoadedUnit | undefined {
    const known = this.units.get(path);
    if (known !== undefined || this.missing.has(path)) return known;
    const unit = this.loader.load(path);
    if (unit === undefined) {
      this.missing.add(path);
      return undefined;
    }
    this.units.set(path, unit);
    this.typeCache.clear();
    return unit;
  }

  findDefinition(name: string): string | undefined {
    for (const unit of this.definersOf(name, undefined)) return unit.path;
    return undefined;
  }

  definitionText(name: string): string | undefined {
    for (const path of [...this.units.keys(), ...this.index.candidates(name)]) {
      const text = this.options.source.read(path);
      const found = text === undefined ? undefined : definitionTextIn(text, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Units that define an external name: the preferred one, the loaded ones, then candidates by text; weak definitions last. */
  private *definersOf(name: string, preferred: LoadedUnit | undefined): Generator<LoadedUnit> {
    const weak: LoadedUnit[] = [];
    const seen = new Set<LoadedUnit>();
    const order = preferred === undefined ? [...this.units.values()] : [preferred, ...this.units.values()];
    for (const unit of order) {
      if (seen.has(unit)) continue;
      seen.add(unit);
      const strength = definitionIn(unit, name);
      if (strength === 'strong') yield unit;
      else if (strength === 'weak') weak.push(unit);
    }
    for (const path of this.index.candidates(name)) {
      const unit = this.unitAt(path);
      if (unit === undefined || seen.has(unit)) continue;
      seen.add(unit);
      const strength = definitionIn(unit, name);
      if (strength === 'strong') yield unit;
      else if (strength === 'weak') weak.push(unit);
    }
    yield* weak;
  }

  private linkerOf(unit: LoadedUnit): Linker {
    let linker = this.linkers.get(unit);
    if (linker === undefined) {
      linker = {
        floatingPoint: this.options.floatingPoint ?? false,
        objectAddress: (object) => this.objects.addressOf(object, unit),
        functionId: (fn) => this.functions.idOf(fn, unit),
        functionAddress: (fn) => this.functionPointer(fn, unit),
        stringAddress: (bytes) => this.objects.stringAddress(bytes),
      };
      this.linkers.set(unit, linker);
    }
    return linker;
  }

  private functionPointer(fn: FunctionRef, unit: LoadedUnit): bigint {
    if (
      fn.attributes.weak &&
      !fn.defined &&
      this.options.intrinsics.find(fn.name) === undefined &&
      this.findDefinition(fn.name) === undefined
    )
      return 0n;
    return this.functions.addressOf(this.functions.idOf(fn, unit));
  }

  // ---- functions --------------------------------------------------------------------------------------------------

  functionAddress(name: string, unit?: string): bigint | undefined {
    const id = this.idIn(name, unit);
    return id === undefined ? undefined : this.functions.addressOf(id);
  }

  functionAt(address: bigint): FunctionInfo | undefined {
    const id = Number((address - textBase) / 16n);
    return address > textBase && id < this.functions.entries.length ? this.describeFunction(id) : undefined;
  }

  describeFunction(id: number): FunctionInfo {
    const entry = this.functions.entries[id] as FunctionEntry;
    const intrinsic = this.options.intrinsics.find(entry.name);
    // Describing must not load a unit: an intrinsic is described by its own prototype and the caller's declaration.
    const found = intrinsic === undefined && (entry.home !== undefined || entry.isStatic) ? this.functions.definition(id) : undefined;
    const type = entry.ref?.type;
    const names = found?.definition.params.map((p) => p.name) ?? (intrinsic === undefined ? [] : parameterNames(intrinsic.prototype));
    const indexed = found?.definition.at ?? entry.ref?.at;
    const from = found?.unit ?? entry.from;
    return {
      id,
      name: entry.name,
      unit: found?.unit.path,
      place: indexed === undefined || from === undefined ? undefined : from.unit.tokens.place(indexed),
      kind: intrinsic !== undefined ? 'intrinsic' : entry.refused ? 'refused' : found === undefined ? 'undefined' : 'interpreted',
      params: (type?.params ?? []).map((t, i) => ({ name: names[i] ?? `arg${i}`, type: t })),
      returns: type?.returns ?? VOID,
      inline: (found?.definition.ref ?? entry.ref)?.attributes.inline ?? false,
      static: entry.isStatic,
    };
  }

  /** Functions of the loaded units that run before or after main(), in that order. */
  startFunctions(when: 'constructor' | 'destructor'): readonly bigint[] {
    const found = [...this.units.values()].flatMap((unit) =>
      unit.unit.functionDefinitions().flatMap(({ name }) => {
        const fn = unit.unit.function(name);
        const attributes = fn.kind === 'parsed' ? fn.value.attributes : undefined;
        const priority = when === 'constructor' ? attributes?.startAt : attributes?.stopAt;
        const address = priority === undefined ? undefined : this.functionAddress(name, unit.path);
        return priority === undefined || address === undefined ? [] : [{ priority, address }];
      }),
    );
    const order = when === 'constructor' ? 1 : -1;
    if (order < 0) found.reverse();
    return found.sort((a, b) => order * (a.priority - b.priority)).map(({ address }) => address);
  }

  /** Number of a function: of a unit, static or not, or external anywhere. */
  private idIn(name: string, unit: string | undefined): number | undefined {
    const own = unit === undefined ? undefined : this.unitAt(unit);
    if (own !== undefined) {
      const parsed = own.unit.function(name);
      if (parsed.kind === 'parsed') return this.functions.idOf(parsed.value, own);
    }
    const known = this.functions.knownExternal(name);
    if (known !== undefined) return known;
    for (const loaded of this.units.values()) {
      if (loaded.unit.lookup(name)?.kind !== 'function') continue;
      const parsed = loaded.unit.function(name);
      // An intrinsic needs a declaration only; everything else the unit with the body.
      if (parsed.kind === 'parsed' && (parsed.value.defined || this.options.intrinsics.find(name) !== undefined))
        return this.functions.idOf(parsed.value, loaded);
    }
    for (const definer of this.definersOf(name, undefined)) {
      const parsed = definer.unit.function(name);
      if (parsed.kind === 'parsed') return this.functions.idOf(parsed.value, definer);
    }
    return this.options.intrinsics.find(name) === undefined ? undefined : this.functions.externalId(name);
  }

  // CodeProvider

  resolve(id: number): ResolvedFunction {
    return this.functions.resolve(id);
  }

  nameOf(id: number): string {
    return this.functions.entries[id]?.name ?? `function ${id}`;
  }

  get functionCount(): number {
    return this.functions.entries.length;
  }

  idOf(name: string, caller: number | undefined): number | undefined {
    const home = caller === undefined ? undefined : this.functions.entries[caller];
    return this.idIn(name, (home?.home ?? home?.from)?.path);
  }

  signature(id: number): Signature {
    return this.functions.signature(id);
  }

  placeOf(id: number, token: number): Place | undefined {
    const home = this.functions.entries[id]?.home;
    return home === undefined || home.path === this.options.library ? undefined : home.unit.tokens.place(token);
  }

  describeAddress(address: bigint): ObjectNote | undefined {
    return this.objects.data.describe(address) ?? this.objects.rodata.describe(address);
  }

  asmModel(site: AsmSite): AsmModel | undefined {
    return findAsmModel(this.options.asmModels, site);
  }

  // ---- objects and types ------------------------------------------------------------------------------------------

  globalAddress(name: string, unit?: string): bigint | undefined {
    return this.globalIn(name, unit)?.address;
  }

  globalType(name: string, unit?: string): CType | undefined {
    return this.globalIn(name, unit)?.type;
  }

  private globalIn(name: string, unit: string | undefined): { address: bigint; type: CType } | undefined {
    const given = this.options.linkerSymbols?.get(name);
    if (typeof given === 'bigint') return { address: given, type: VOID };
    const dot = name.indexOf('.');
    if (dot > 0) return this.staticLocal(name.slice(0, dot), name.slice(dot + 1), unit);
    const own = unit === undefined ? [] : [this.unitAt(unit)];
    if (unit === undefined) {
      // A static object of a loaded unit first: looking for an external one would search the whole tree in vain.
      for (const from of this.units.values()) {
        if (from.unit.lookup(name)?.kind !== 'object') continue;
        const parsed = from.unit.object(name);
        if (parsed.kind === 'parsed' && parsed.value.defined)
          return { address: this.objects.addressOf(parsed.value, from), type: parsed.value.type };
      }
    }
    const sources = unit === undefined ? this.definersOf(name, undefined) : own;
    for (const from of sources) {
      if (from === undefined) continue;
      const parsed = from.unit.object(name);
      if (parsed.kind === 'parsed') return { address: this.objects.addressOf(parsed.value, from), type: parsed.value.type };
    }
    return undefined;
  }

  private staticLocal(fn: string, local: string, unit: string | undefined): { address: bigint; type: CType } | undefined {
    const id = this.idIn(fn, unit);
    const found = id === undefined ? undefined : this.functions.definition(id);
    const object = found?.definition.statics.find((s) => s.name === local);
    if (found === undefined || object === undefined) return undefined;
    return { address: this.objects.addressOf(object, found.unit), type: object.type };
  }

  typeNamed(name: string, unit?: string): CType | undefined {
    const key = `${unit ?? ''}\n${name}`;
    if (!this.typeCache.has(key)) this.typeCache.set(key, this.findType(name, unit));
    return this.typeCache.get(key);
  }

  private findType(name: string, unit: string | undefined): CType | undefined {
    for (const from of this.asked(unit)) {
      const parsed = from.unit.typeNamed(name);
      if (parsed.kind !== 'parsed') continue;
      const type = parsed.value;
      if (type.kind !== 'record' || memberCount(type) > 0) return type;
    }
    return undefined;
  }

  hasMember(type: string, path: string, unit?: string): boolean {
    const found = this.typeNamed(type, unit);
    return found !== undefined && memberPath(found, path) !== undefined;
  }

  record(name: string, unit?: string): RecordType | undefined {
    const type = this.typeNamed(name, unit);
    return type?.kind === 'record' ? type : undefined;
  }

  constant(name: string, unit?: string): bigint | undefined {
    for (const from of this.asked(unit)) {
      const enumerator = from.unit.enumerator(name);
      if (enumerator !== undefined) return enumerator;
      const text = expandMacro(from, name);
      const value = text === undefined || text === '' ? undefined : from.unit.constant(text);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  symbolize(address: bigint): string | undefined {
    if (address >= textBase && address < textBase + 16n * BigInt(this.functions.entries.length)) {
      const distance = address - textBase;
      return `${this.nameOf(Number(distance / 16n))}+0x${(distance % 16n).toString(16)}`;
    }
    const object = this.objects.data.objectAt(address) ?? this.objects.rodata.objectAt(address);
    return object === undefined ? undefined : `${object.name}+0x${(address - object.address).toString(16)}`;
  }

  private asked(unit: string | undefined): readonly LoadedUnit[] {
    if (unit === undefined) return [...this.units.values()];
    const own = this.unitAt(unit);
    return own === undefined ? [] : [own];
  }
}

function memberCount(type: RecordType): number {
  return type.record.state === 'declared' && type.record.completer !== undefined ? completed(type) : type.record.fields.length;
}

function completed(type: RecordType): number {
  type.record.completer?.complete(type.record);
  return type.record.fields.length;
}

/** Whether a unit defines an external function or object. The newest declaration may be an `extern` one (EXPORT_SYMBOL). */
function definitionIn(unit: LoadedUnit, name: string): 'strong' | 'weak' | undefined {
  const found = unit.unit.lookup(name);
  if (found === undefined || (found.kind !== 'function' && found.kind !== 'object')) return undefined;
  const parsed = found.kind === 'function' ? unit.unit.function(name) : unit.unit.object(name);
  if (parsed.kind !== 'parsed') return found.defined && !found.isStatic ? 'strong' : undefined;
  const { defined, linkage, attributes } = parsed.value;
  if ((!defined && attributes.alias === undefined) || linkage !== 'external') return undefined;
  return attributes.weak ? 'weak' : 'strong';
}
