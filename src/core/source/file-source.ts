// How core reads the user's files: it is handed a file source and does no input or output itself.

/** Synchronous view of a kernel tree (the engine runs in a worker). Paths are relative to the tree's root, with '/'. */
export interface FileSource {
  /** Text of a file, decoded as UTF-8 without BOM; undefined when it does not exist or is no regular file. */
  read(path: string): string | undefined;
  /** True when `read` would give a text. Cheaper than reading. */
  exists(path: string): boolean;
  /** Names in a folder, sorted; folders end in '/'. Empty when there is no such folder. */
  list(path: string): readonly string[];
}

/** A file source with some files' texts replaced, as unsaved editors would (`--overlay`). */
export class OverlaySource implements FileSource {
  private readonly base: FileSource;
  private readonly texts: ReadonlyMap<string, string>;

  constructor(base: FileSource, texts: ReadonlyMap<string, string>) {
    this.base = base;
    this.texts = texts;
  }

  read(path: string): string | undefined {
    return this.texts.get(path) ?? this.base.read(path);
  }

  exists(path: string): boolean {
    return this.texts.has(path) || this.base.exists(path);
  }

  list(path: string): readonly string[] {
    const names = new Set(this.base.list(path));
    const prefix = path === '' ? '' : `${path}/`;
    for (const file of this.texts.keys()) {
      if (file.startsWith(prefix)) {
        const rest = file.slice(prefix.length);
        const slash = rest.indexOf('/');
        names.add(slash < 0 ? rest : rest.slice(0, slash + 1));
      }
    }
    return [...names].sort();
  }
}
