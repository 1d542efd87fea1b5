// C types as the source view needs them: a base name and a number of pointers, read from declaration text.

/** `struct page **` is { base: 'struct page', pointers: 2 }. A pointer to function has `isFunction`. */
export interface TypeRef {
  readonly base: string;
  readonly pointers: number;
  readonly isFunction?: boolean;
  /** Dimensions of an array; each counts as one pointer in `pointers`. */
}

const noise =
  /\b(const|volatile|static|extern|inline|register|__inline__|__inline|STATIC|typedef|restrict|asmlinkage|__always_inline|__init|__exit|noinline|__must_check|__user|__iomem|__rcu|__percpu|__force|__private|__bitwise|__maybe_unused|__read_mostly|__ro_after_init)\b|__attribute__\s*\(\([^)]*\)\)/g;

/** Reads the type of `text`, a declaration without its name (`const struct dax_holder_operations *`). */
export function parseType(text: string): TypeRef | undefined {
  const clean = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(noise, ' ');
  const isFunction = /\(\s*\*/.test(clean);
  const head = isFunction ? clean.slice(0, clean.indexOf('(')) : clean;
  const tag = /\b(struct|union|enum)\s+(\w+)/.exec(head);
  const words = head
    .replace(/[*[\](){}]|\[[^\]]*\]/g, ' ')
    .trim()
    .split(/\s+/)
    .filter((w) => /^[A-Za-z_]\w*$/.test(w));
  const base = tag !== null ? `${tag[1]!} ${tag[2]!}` : words.join(' ');
  if (base === '') return undefined;
  const pointers = (head.match(/\*/g)?.length ?? 0) + (head.match(/\[/g)?.length ?? 0);
  return isFunction ? { base, pointers, isFunction } : { base, pointers };
}

/** The type that a pointer points to. */
export function pointee(t: TypeRef): TypeRef {
  return { ...t, pointers: Math.max(0, t.pointers - 1) };
}

/** `struct X` without its keyword; undefined for other types. */
export function structName(t: TypeRef): string | undefined {
  const m = /^(?:struct|union) (\w+)$/.exec(t.base);
  return m?.[1];
}
