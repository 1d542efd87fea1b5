// How Kbuild would compile one file: include folders and definitions (Makefile, scripts/Makefile.lib, the folder's own Makefile).

import type { FileSource } from '../../source/file-source.ts';
import { normalisePath } from '../include-search.ts';
import type { Definition } from '../preprocess.ts';
import type { KernelConfig } from './config.ts';
import { type MakeVariables, readMakefile } from './makefile.ts';

/** Which object a file belongs to. */
export interface ObjectFacts {
  /** Name of the module or built-in object: the composite's when the file is part of one. */
  readonly modname: string;
  /** Compiled for a loadable module: MODULE is defined. */
  readonly module: boolean;
  /** `-I` folders from ccflags, relative to the tree. */
  readonly folders: readonly string[];
  readonly definitions: readonly Definition[];
}

const headerFolders = [
  'arch/x86/include',
  'arch/x86/include/generated',
  'include',
  'arch/x86/include/uapi',
  'arch/x86/include/generated/uapi',
  'include/uapi',
  'include/generated/uapi',
];

/** LINUXINCLUDE of the top Makefile, for x86. */
export const linuxInclude: readonly string[] = headerFolders;

/** Reads Makefiles once each. */
export class Kbuild {
  private readonly tree: FileSource;
  private readonly config: KernelConfig;
  private readonly read = new Map<string, MakeVariables | undefined>();

  constructor(tree: FileSource, config: KernelConfig) {
    this.tree = tree;
    this.config = config;
  }

  /** Forgets what was read from a Makefile. */
  changed(path: string): void {
    this.read.delete(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  }

  /** Facts about a .c file. A file that no Makefile mentions is taken for a built-in object of its own. */
  facts(path: string): ObjectFacts {
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.c$/, '');
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    /** A file that the configuration leaves out is compiled with the flags of the nearest Makefile. */
    let nearest: { owner: string; object: string } | undefined;
    let found = false;
    /** Folder whose Makefile lists the object, at or above the file's own, and the object's name from there. */
    let owner = folder;
    let object = `${stem}.o`;
    for (let at = folder; at !== ''; at = parentOf(at)) {
      const name = `${path.slice(at.length + 1).replace(/\.c$/, '')}.o`;
      const variables = this.variables(at);
      if (variables === undefined) continue;
      nearest ??= { owner: at, object: name };
      if (this.listed(variables, name) !== undefined) {
        owner = at;
        object = name;
        found = true;
        break;
      }
    }
    if (!found && nearest !== undefined) ({ owner, object } = nearest);
    const variables = this.variables(owner) ?? new Map<string, string>();
    const listed = this.listed(variables, object) ?? { modname: stem, module: false };
    const flags = [
      ...this.inherited(owner),
      ...words(variables.get('ccflags-y')),
      ...(listed.module ? words(variables.get('ccflags-m')) : []),
      ...words(variables.get(`CFLAGS_${object}`)),
      ...(object === `${stem}.o` ? [] : words(variables.get(`CFLAGS_${stem}.o`))),
    ];
    return { ...listed, ...readFlags(flags) };
  }

  /** Composite or single object that `name` is part of, or undefined. */
  private listed(variables: MakeVariables, name: string): { modname: string; module: boolean } | undefined {
    const inObjects = (object: string): boolean | undefined => {
      if (words(variables.get('obj-y')).includes(object) || words(variables.get('lib-y')).includes(object)) return false;
      return words(variables.get('obj-m')).includes(object) ? true : undefined;
    };
    const direct = inObjects(name);
    const stem = name.replace(/\.o$/, '');
    // scripts/Makefile.build: an object that is also a composite of others is linked from those.
    if (direct !== undefined) return { modname: stem.slice(stem.lastIndexOf('/') + 1), module: direct };
    for (const [variable, value] of variables) {
      // `xfs-` holds what `xfs-$(CONFIG_…)` lists under an option that is not set.
      const composite = /^(.+)-(?:y|objs|m)?$/.exec(variable)?.[1];
      if (composite === undefined || /^(?:obj|lib|ccflags|asflags|subdir.*|always|extra|targets|KBUILD.*)$/.test(composite)) continue;
      if (!words(value).includes(name)) continue;
      const module = inObjects(`${composite}.o`);
      if (module !== undefined) return { modname: composite.slice(composite.lastIndexOf('/') + 1), module };
      // A composite inside a composite.
      const outer = this.listed(variables, `${composite}.o`);
      if (outer !== undefined) return outer;
    }
    return undefined;
  }

  /** subdir-ccflags-y of a folder and those above it. */
  private inherited(folder: string): string[] {
    const flags: string[] = [];
    for (let at = folder; at !== ''; at = parentOf(at)) flags.unshift(...words(this.variables(at)?.get('subdir-ccflags-y')));
    return flags;
  }

  private variables(folder: string): MakeVariables | undefined {
    if (!this.read.has(folder)) {
      const text = this.tree.read(`${folder}/Kbuild`) ?? this.tree.read(`${folder}/Makefile`);
      const preset = new Map([
        ['src', folder],
        ['obj', folder],
        ['srctree', '.'],
        ['objtree', '.'],
        ['SRCARCH', 'x86'],
        ['ARCH', 'x86'],
        ['BITS', '64'],
      ]);
      const included = (path: string): string | undefined => this.tree.read(normalisePath(path) ?? path);
      this.read.set(folder, text === undefined ? undefined : readMakefile(text, this.config, preset, included));
    }
    return this.read.get(folder);
  }
}

function parentOf(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function readFlags(flags: readonly string[]): { folders: string[]; definitions: Definition[] } {
  const folders: string[] = [];
  const definitions: Definition[] = [];
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] ?? '';
    if (flag.startsWith('-I')) {
      // As written, `..` included: `__FILE__` in a header shows it (-fmacro-prefix-map takes the leading `./` away).
      const folder = (flag === '-I' ? (flags[++i] ?? '') : flag.slice(2)).replace(/^(?:\.\/+)+/, '');
      if (normalisePath(folder) !== undefined) folders.push(folder);
    } else if (flag.startsWith('-D')) {
      const [name = '', ...body] = flag.slice(2).split('=');
      definitions.push({
        name,
        body:
          body.length === 0
            ? '1'
            : body
                .join('=')
                .replace(/^'(.*)'$/, '$1')
                .replace(/\\"/g, '"'),
      });
    }
  }
  return { folders, definitions };
}
