// Makes a failing C program small: takes away declarations and statements, then simplifies parenthesised expressions.

/** A piece of the program that may go or be replaced, as a half-open range of tokens. */
interface Piece {
  readonly from: number;
  readonly to: number;
  /** Tokens to put there instead. */
  readonly instead: readonly string[];
}

const pattern =
  /\s+|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\.?\d(?:[eEpP][-+]|[\w.])*|->|\.\.\.|\+\+|--|<<=?|>>=?|[-+*/%&|^!=<>]=|&&|\|\||./g;

/** Tokens without white space. */
export function tokensOf(text: string): string[] {
  return (text.match(pattern) ?? []).filter((t) => t.trim() !== '');
}

/** Text that can be read: one statement a line, indented by braces. */
export function textOf(tokens: readonly string[]): string {
  let text = '';
  let depth = 0;
  let parens = 0;
  const newline = (): void => {
    text = `${text.trimEnd()}\n${'\t'.repeat(depth)}`;
  };
  for (const token of tokens) {
    if (token === '(') parens++;
    if (token === ')') parens--;
    if (token === '}') {
      depth = Math.max(0, depth - 1);
      newline();
    }
    if (token === ')' || token === ']' || token === ';' || token === ',') text = text.trimEnd();
    text += token;
    if (token === '{') depth++;
    if (token === '{' || token === '}' || (token === ';' && parens === 0)) newline();
    else if (token !== '(' && token !== '[') text += ' ';
  }
  return `${text.trimEnd()}\n`;
}

const open = new Set(['(', '{', '[']);
const close = new Set([')', '}', ']']);

/** For each opening bracket the index of its partner. */
function partners(tokens: readonly string[]): ReadonlyMap<number, number> {
  const stack: number[] = [];
  const found = new Map<number, number>();
  tokens.forEach((t, i) => {
    if (open.has(t)) stack.push(i);
    else if (close.has(t)) {
      const at = stack.pop();
      if (at !== undefined) found.set(at, i);
    }
  });
  return found;
}

/** Ranges of the declarations or statements directly inside [from, to). */
function itemsIn(
  tokens: readonly string[],
  partner: ReadonlyMap<number, number>,
  from: number,
  to: number,
): { from: number; to: number }[] {
  const items: { from: number; to: number }[] = [];
  let start = from;
  for (let i = from; i < to; i++) {
    const end = partner.get(i);
    const next = end === undefined ? undefined : tokens[end + 1];
    if (end !== undefined) {
      const isBlock = tokens[i] === '{' && next !== ';' && next !== ',' && next !== 'else' && tokens[i - 1] !== '=';
      // `struct s { … } name;` goes on, a function body or a block does not.
      const goesOn =
        isBlock &&
        next !== undefined &&
        /^[A-Za-z_*]/.test(next) &&
        /^(struct|union|enum|typedef)$/.test(tokens[start] ?? '') &&
        tokens[i - 1] !== ')';
      i = end;
      if (isBlock && !goesOn) {
        items.push({ from: start, to: i + 1 });
        start = i + 1;
      }
    } else if (tokens[i] === ';') {
      items.push({ from: start, to: i + 1 });
      start = i + 1;
    }
  }
  return items;
}

/** Everything that may be taken away or put simpler, larger pieces first. */
function pieces(tokens: readonly string[]): Piece[] {
  const partner = partners(tokens);
  const found: Piece[] = [];
  const blocks: [number, number][] = [[0, tokens.length]];
  for (const [from, to] of partner) if (tokens[from] === '{') blocks.push([from + 1, to]);
  for (const [from, to] of blocks) {
    const items = itemsIn(tokens, partner, from, to);
    // Halves, quarters … of a block's items, then single ones.
    for (let n = items.length; n >= 1; n = Math.floor(n / 2)) {
      for (let i = 0; i < items.length; i += n) {
        const [first, last] = [items[i], items[Math.min(i + n, items.length) - 1]];
        if (first !== undefined && last !== undefined) found.push({ from: first.from, to: last.to, instead: [] });
      }
    }
    for (const item of items) {
      // `if (…) { … }` and loops give way to their body.
      const head = tokens[item.from] ?? '';
      const condition = partner.get(item.from + 1);
      if (!/^(if|for|while)$/.test(head) || condition === undefined || tokens[condition + 1] !== '{') continue;
      const body = partner.get(condition + 1);
      if (body !== undefined) found.push({ from: item.from, to: body + 1, instead: tokens.slice(condition + 1, body + 1) });
      if (tokens[(body ?? 0) + 1] === 'else') found.push({ from: item.from, to: (body ?? 0) + 2, instead: [] });
    }
  }
  const byKeyword = new Set(['if', 'while', 'for', 'switch', 'sizeof', '__attribute__']);
  for (const [from, to] of partner) {
    if (tokens[from] !== '(' || to === from + 1) continue;
    const before = tokens[from - 1] ?? '';
    const isCall = /^\w/.test(before) && !byKeyword.has(before) && before !== 'return';
    if (isCall) {
      found.push({ from: from - 1, to: to + 1, instead: ['0'] }, { from: from - 1, to: to + 1, instead: ['1'] });
      // One of the call's arguments in its place.
      let start = from + 1;
      for (let i = from + 1; i <= to; i++) {
        i = partner.get(i) ?? i;
        if (i < to && tokens[i] !== ',') continue;
        found.push({ from: from - 1, to: to + 1, instead: ['(', ...tokens.slice(start, i), ')'] });
        start = i + 1;
      }
    } else if (to > from + 2) {
      found.push({ from: from + 1, to, instead: ['0'] }, { from: from + 1, to, instead: ['1'] });
    }
    if (tokens[from + 1] === '(' && partner.get(from + 1) === to - 1) found.push({ from, to: to + 1, instead: tokens.slice(from + 1, to) });
  }
  const binary = /^([-+*/%&|^<>]|<<|>>|[=!<>]=|&&|\|\|)$/;
  tokens.forEach((t, i) => {
    // `a + b`: one side alone, where both sides are single tokens or groups.
    if (!binary.test(t)) return;
    const right = partner.get(i + 1) ?? i + 1;
    found.push({ from: i, to: right + 1, instead: [] });
  });
  return found.sort((a, b) => b.to - b.from - b.instead.length - (a.to - a.from - a.instead.length));
}

/** The smallest program found within `attempts` tries for which `fails` still holds. */
export function shrink(text: string, fails: (text: string) => boolean, attempts = 3000): string {
  let tokens = tokensOf(text);
  let left = attempts;
  for (let progress = true; progress && left > 0;) {
    progress = false;
    let todo = pieces(tokens);
    while (todo.length > 0 && left > 0) {
      const piece = todo.shift() as Piece;
      const candidate = [...tokens.slice(0, piece.from), ...piece.instead, ...tokens.slice(piece.to)];
      if (candidate.length >= tokens.length) continue;
      left--;
      if (!fails(textOf(candidate))) continue;
      // What lies behind moves; what overlaps is found again in the next round.
      const moved = candidate.length - tokens.length;
      todo = todo.flatMap((p) => (p.to <= piece.from ? [p] : p.from >= piece.to ? [{ ...p, from: p.from + moved, to: p.to + moved }] : []));
      tokens = candidate;
      progress = true;
    }
  }
  return textOf(tokens);
}
