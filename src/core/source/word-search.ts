// How core finds candidate files in a tree of 55,000: by words in their text, through whoever can search fast.

/** Text search over the whole tree (ripgrep, an own scanner, or an in-memory map in tests). Synchronous: the engine runs in a worker. */
export interface WordSearch {
  /** Paths (relative to the tree, '/', sorted) of the .c and .h files whose text contains at least one of `words` as a substring. */
  filesWith(words: readonly string[]): readonly string[];
}
