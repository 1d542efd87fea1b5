// What kernel models and sessions may ask of a program and of its machine: the contract that program.ts and machine.ts fulfil.
import type { Place } from '../../base/place.ts';
import type { CType, RecordType } from '../ctype/types.ts';
import type { FileSource } from '../source/file-source.ts';
import type { DefinitionIndex } from './definition-index.ts';
import type { AsmModel } from '../machine/asm.ts';
import type { IntrinsicRegistry } from '../machine/intrinsic.ts';

/** What a program is made of. The unit loader is supplied by the caller so that preprocessor sessions can be shared. */
export interface ProgramOptions {
  readonly source: FileSource;
  /** Functions modelled in TypeScript; they win over definitions in the tree. */
  readonly intrinsics: IntrinsicRegistry;
  /** A definition in the program wins over an intrinsic (hosted programs, whose functions may have any name). */
  readonly definitionsFirst?: boolean;
  /** Unit of ours that stands for a library: its functions have no places, so that faults and histories name the program's. */
  readonly library?: string;
  readonly asmModels: readonly AsmModel[];
  /** Folders whose .c files are searched for definitions first; the rest of the tree is searched after them. */
  readonly searchFirst?: readonly string[];
  /** The program may compute in floating point (hosted programs; no kernel does). */
  readonly floatingPoint?: boolean;
  /** Index to share between programs over one tree; the owner calls `rescan` for changed files. Otherwise the program makes its own. */
  readonly definitions?: DefinitionIndex;
  /** Names that no unit defines because the linker script or the boot code does: their address, or the object they alias. */
  readonly linkerSymbols?: ReadonlyMap<string, bigint | string>;
}

/** A function of the program, for traces, hovers and overlays. */
export interface FunctionInfo {
  readonly id: number;
  readonly name: string;
  /** Path of the unit that holds the body; undefined when no unit defines it. */
  readonly unit: string | undefined;
  /** Place of the definition (or of the declaration when there is no body). */
  readonly place: Place | undefined;
  readonly kind: 'interpreted' | 'intrinsic' | 'undefined' | 'refused';
  /** Parameter names and types, from the definition or the declaration. */
  readonly params: readonly { readonly name: string; readonly type: CType }[];
  readonly returns: CType;
  readonly inline: boolean;
  readonly static: boolean;
}

/** Names, types and addresses of the linked program. `unit` is a path such as `mm/memory-failure.c`; without it every loaded
 * unit is asked in order of loading. Nothing here throws for a missing name: the answer is undefined. */
export interface ProgramApi {
  /** Loads a unit (preprocess + index) so that its static functions, types and globals can be named. False when there is no such file. */
  loadUnit(path: string): boolean;
  readonly loadedUnits: readonly string[];
  /** Path of the .c file that defines an external function or global of that name. */
  findDefinition(name: string): string | undefined;
  /** Address of a function; loads the unit that defines it. Intrinsics have addresses too. */
  functionAddress(name: string, unit?: string): bigint | undefined;
  /** The function a text address belongs to. */
  functionAt(address: bigint): FunctionInfo | undefined;
  describeFunction(id: number): FunctionInfo;
  /** Address of a global or static object; places and initialises it. Static locals are `function.name`. */
  globalAddress(name: string, unit?: string): bigint | undefined;
  globalType(name: string, unit?: string): CType | undefined;
  /** `struct page`, `union x`, `enum y`, a typedef name. */
  typeNamed(name: string, unit?: string): CType | undefined;
  /** True when the struct has that member (path `a.b.c`; anonymous members are transparent). */
  hasMember(type: string, path: string, unit?: string): boolean;
  record(name: string, unit?: string): RecordType | undefined;
  /** Value of an enumerator, or of an object-like macro that is a constant expression in that unit. */
  constant(name: string, unit?: string): bigint | undefined;
  /** Name of the object or function that an address lies in: `pmem_ops+0x8`, as %pS would print it. */
  symbolize(address: bigint): string | undefined;
  /** Text of the tree's own definition of a function, also when an intrinsic replaces it; for "edited but replaced" notes. */
  definitionText(name: string): string | undefined;
}
