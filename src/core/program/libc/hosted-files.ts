// The files that a hosted program sees: itself, what lies beside it, the headers and the C part of the library.
import type { Definition } from '../../preprocessor/preprocess.ts';
import { gccDefinitions } from '../../preprocessor/profile/gcc-x86-64.ts';
import type { FileSource } from '../../source/file-source.ts';
import { hostedHeaders } from './headers.ts';
import { runtimePath, runtimeText } from './runtime.ts';

/** Folder of the library's unit, and of its headers. */
export const libraryFolder = runtimePath.slice(0, runtimePath.lastIndexOf('/'));
export const headerFolder = `${libraryFolder}/include`;

/** The program's text under its name; `beside` answers for local headers. */
export function hostedFiles(name: string, text: string, beside: FileSource | undefined): FileSource {
  const known = (path: string): string | undefined => {
    if (path === name) return text;
    if (path === runtimePath) return runtimeText;
    return path.startsWith(`${headerFolder}/`) ? hostedHeaders.get(path.slice(headerFolder.length + 1)) : undefined;
  };
  return {
    read: (path) => known(path) ?? beside?.read(path),
    exists: (path) => known(path) !== undefined || (beside?.exists(path) ?? false),
    list: (path) => (path === libraryFolder ? [runtimePath.slice(libraryFolder.length + 1)] : []),
  };
}

/** What gcc defines for a hosted program without options, where it differs from a kernel's flags. */
const hostedValues: ReadonlyMap<string, string | undefined> = new Map([
  ['_SOFT_FLOAT', undefined],
  ['__OPTIMIZE__', undefined],
  ['__code_model_kernel__', undefined],
  ['__SSP_STRONG__', undefined],
  ['__STDC_VERSION__', '201710L'],
  ['__WCHAR_TYPE__', 'int'],
  ['__WCHAR_MAX__', '0x7fffffff'],
  ['__WCHAR_MIN__', '(-__WCHAR_MAX__ - 1)'],
  ['__WCHAR_WIDTH__', '32'],
  ['__SIZEOF_WCHAR_T__', '4'],
]);

/** The macros that gcc defines for a hosted program. */
export const hostedDefinitions: readonly Definition[] = gccDefinitions.flatMap((definition) => {
  if (!hostedValues.has(definition.name)) return [definition];
  const body = hostedValues.get(definition.name);
  return body === undefined ? [] : [{ ...definition, body }];
});
