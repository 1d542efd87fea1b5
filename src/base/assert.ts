// Our own bugs throw; nothing else does (style rule 5).

/** A fault in this extension: never the user's code, never an unmodelled construct. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Throws a Bug when an invariant of ours does not hold. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (condition === false || condition === undefined || condition === null) throw new Bug(what);
}

/** Exhaustiveness: the default branch of a switch over a closed union. */
export function assertNever(value: never): never {
  throw new Bug(`unexpected value ${JSON.stringify(value)}`);
}
