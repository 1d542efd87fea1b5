// How much a unit may grow before preprocessing gives up on it: edited macros can double a text thirty times.

/** Tokens of one unit; the largest of the failure path has 3.3 million. */
export const maxTokens = 1 << 24;
/** Tokens of one expansion with all that is nested in it. */
export const maxArena = 1 << 22;
/** Macro expansions in one unit. */
export const maxExpansions = 1 << 23;
/** Arguments expanded inside the expansion of arguments. */
export const maxArgumentDepth = 400;
/** Files entered by one unit, each time counted. */
export const maxIncludes = 20_000;

/** GNU cpp's -fmax-include-depth. */
export const maxIncludeDepth = 200;
/** Longest chain of macro contexts. */
export const maxContexts = 20_000;

/** Thrown inside this room only, and turned into a problem of the unit. */
export class LimitReached extends Error {}
