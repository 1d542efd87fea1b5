// Preprocesses files of an unbuilt kernel tree as its build would; the entry point for everybody above this room.

import { Interner } from '../../../base/interner.ts';
import type { FileSource } from '../../source/file-source.ts';
import type { Definition, PreprocessedUnit, PreprocessRequest } from '../preprocess.ts';
import { gccDefinitions } from '../profile/gcc-x86-64.ts';
import { PreprocessorSession } from '../session.ts';
import { boundsHeader } from './bounds.ts';
import type { KernelConfig } from './config.ts';
import { GeneratedSource } from './generated-source.ts';
import { Kbuild, linuxInclude } from './kbuild.ts';

/** Most units of the path have fewer tokens. */
const expectedTokens = 1 << 20;

/** One tree under one configuration. */
export class KernelPreprocessor {
  readonly config: KernelConfig;
  readonly session: PreprocessorSession;
  private readonly tree: FileSource;
  private readonly kbuild: Kbuild;

  /** `tree` is asked for files as they are needed; `interner` is shared with the rest of the session. */
  constructor(tree: FileSource, config: KernelConfig, interner: Interner = new Interner()) {
    this.tree = tree;
    this.config = config;
    this.kbuild = new Kbuild(tree, config);
    const source = new GeneratedSource(tree, config, () => boundsHeader(this.session.preprocess(this.boundsRequest())));
    this.session = new PreprocessorSession(source, [...gccDefinitions, ...configuredDefinitions(config)], interner, expectedTokens);
  }

  /** Makefile: KBUILD_CFLAGS has -funsigned-char from v6.2 on. */
  get unsignedChar(): boolean {
    return this.tree.read('Makefile')?.includes('-funsigned-char') ?? false;
  }

  /** The unit of a .c file; undefined when there is no such file. */
  preprocess(path: string): PreprocessedUnit | undefined {
    return this.tree.exists(path) ? this.session.preprocess(this.request(path)) : undefined;
  }

  /** Tells that a file's text changed, or that it appeared or went. */
  changed(path: string): void {
    this.kbuild.changed(path);
    this.session.changed(path);
  }

  /** The command line that Kbuild would give the compiler for a .c file (scripts/Makefile.lib c_flags). */
  request(path: string): PreprocessRequest {
    const facts = this.kbuild.facts(path);
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.c$/, '');
    const modfile = `${path.slice(0, path.lastIndexOf('/') + 1)}${facts.modname}`;
    return {
      path,
      includeFolders: [...linuxInclude, ...facts.folders],
      forcedIncludes: ['include/linux/compiler-version.h', 'include/linux/kconfig.h', 'include/linux/compiler_types.h'].filter((file) =>
        this.tree.exists(file),
      ),
      definitions: [
        { name: '__KERNEL__', body: '1' },
        ...(this.unsignedChar ? [{ name: '__CHAR_UNSIGNED__', body: '1' }] : []),
        ...facts.definitions,
        ...(facts.module ? [{ name: 'MODULE', body: '1' }] : [{ name: 'KBUILD_MODFILE', body: `"${modfile}"` }]),
        { name: 'KBUILD_BASENAME', body: `"${identifier(stem)}"` },
        { name: 'KBUILD_MODNAME', body: `"${identifier(facts.modname)}"` },
        { name: '__KBUILD_MODNAME', body: `kmod_${identifier(facts.modname)}` },
      ],
    };
  }

  private boundsRequest(): PreprocessRequest {
    return this.request('kernel/bounds.c');
  }
}

/** scripts/Makefile.lib name-fix: what a token or string may hold of a file's name. */
function identifier(name: string): string {
  return name.replace(/[-,]/g, '_');
}

/** Macros that the compiler or the top Makefile define depending on the configuration. */
function configuredDefinitions(config: KernelConfig): Definition[] {
  const set = (option: string): boolean => config.options.get(option) === 'y';
  const definitions: Definition[] = [];
  const add = (name: string, body = '1'): void => void definitions.push({ name, body });
  if (set('FUNCTION_TRACER') && set('HAVE_FENTRY')) add('CC_USING_FENTRY');
  if (set('FUNCTION_TRACER') && set('HAVE_NOP_MCOUNT')) add('CC_USING_NOP_MCOUNT');
  if (set('X86_KERNEL_IBT')) add('__CET__');
  if (set('CC_OPTIMIZE_FOR_SIZE')) add('__OPTIMIZE_SIZE__');
  if (set('KASAN')) add('__SANITIZE_ADDRESS__');
  return definitions;
}
