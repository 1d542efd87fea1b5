// Places in the user's source; every result that names code carries one.

/** `path` is relative to the root of the kernel tree, with '/'; line and column count from 1 (columns in UTF-16 units). */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** `path:line`, as compilers and editors print it. */
export function describePlace(at: Place): string {
  return `${at.path}:${at.line}`;
}
