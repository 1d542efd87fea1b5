// Replaces the parameters of a macro's list by its arguments (C11 6.10.3.1 to 6.10.3.3, GNU comma and __VA_OPT__).

import type { Argument } from './argument.ts';
import type { Expander } from './expander.ts';
import type { Macro, MacroBody } from './macro.ts';
import { stringify } from './paste.ts';
import { stride } from './token-buffer.ts';
import { Flag, Token } from './token-kind.ts';

const paste = Flag.PasteLeft << 8;
const noSourcePadding = Token.Padding | (Flag.NoSource << 8);

/** Writes the replacement to the end of the arena and gives its start. Order of work and padding follow GNU cpp's replace_args. */
export function substitute(x: Expander, macro: Macro, body: MacroBody, args: Argument[], written: number, location: number): number {
  const { arena } = x;
  const list = body.data;
  const count = body.count;
  for (let i = 0; i < count; i++) {
    const number = list[i * 4 + 3] ?? 0;
    const argument = args[number - 1];
    if (argument === undefined || argument.count < 0) continue;
    const meta = list[i * 4] ?? 0;
    const plain = ((meta >> 8) & (Flag.Stringify | Flag.PasteLeft)) === 0;
    if (plain && (i === 0 || ((list[i * 4 - 4] ?? 0) & paste) === 0)) x.expandArgument(argument);
  }
  const vaOpt = body.hasVaOpt ? vaOptParts(x, macro, body, args) : undefined;
  const start = arena.top;
  for (let i = 0; i < count; i++) {
    const at = i * 4;
    const meta = list[at] ?? 0;
    const number = list[at + 3] ?? 0;
    const part = vaOpt?.get(i);
    if (part !== undefined) {
      if (part.kind === 'skip') {
        // An empty __VA_OPT__ is a placemarker: what was to be pasted to it stands alone, unless ## follows it as well.
        if (i > 0 && arena.top > start && !part.pastesOn) setPaste(x, arena.top - 1, false);
        i = part.to;
      } else if (part.kind === 'close' && part.pastesOn && arena.top > start) setPaste(x, arena.top - 1, true);
      continue;
    }
    if (number === 0) {
      arena.push(meta, list[at + 1] ?? 0, list[at + 2] ?? 0, written);
      continue;
    }
    const argument = args[number - 1] ?? { start: 0, count: -1, expandedStart: 0, expandedCount: 0 };
    const pasteLeft = (meta & paste) !== 0;
    const afterPaste = i > 0 && ((list[at - 4] ?? 0) & paste) !== 0;
    let from = argument.start;
    let size = Math.max(0, argument.count);
    let pasteChange = -1;
    if ((meta & (Flag.Stringify << 8)) !== 0) {
      const text = stringify(x.interner, arena, from, size);
      from = -1;
      size = text;
    } else if (afterPaste && !pasteLeft) {
      const last = arena.top - 1;
      if (last >= start) {
        const lastMeta = arena.data[last * stride] ?? 0;
        if ((lastMeta & 255) === Token.Comma && macro.variadic && number === args.length) {
          if (argument.count < 0) arena.top--;
          else pasteChange = last;
        } else if (size === 0) pasteChange = last;
      }
    } else if (!pasteLeft) {
      from = argument.expandedStart;
      size = Math.max(0, argument.expandedCount);
    }
    // Padding on the left, unless right of ##.
    if (!x.inDirective && i > 0 && !afterPaste) {
      arena.push(Token.Padding | (((meta >> 8) & Flag.White) << 8), 0, 0, 0);
    }
    if (from === -1) {
      arena.push(Token.String, size, location, written);
      if (pasteLeft) pasteChange = arena.top - 1;
    } else if (size > 0) {
      arena.append(arena, from, size);
      if (pasteLeft) pasteChange = arena.top - 1;
    }
    if (!x.inDirective && !pasteLeft) arena.push(noSourcePadding, 0, 0, 0);
    if (pasteChange >= start) setPaste(x, pasteChange, pasteLeft);
  }
  return start;
}

function setPaste(x: Expander, token: number, on: boolean): void {
  const { data } = x.arena;
  const meta = data[token * stride] ?? 0;
  data[token * stride] = on ? meta | paste : meta & ~paste;
}

type VaOptPart =
  | { readonly kind: 'drop' }
  | { readonly kind: 'close'; readonly pastesOn: boolean }
  | { readonly kind: 'skip'; readonly to: number; readonly pastesOn: boolean };

/** For the tokens of `__VA_OPT__ ( … )` by position: what to do instead of copying them (C23 6.10.5.2). */
function vaOptParts(x: Expander, macro: Macro, body: MacroBody, args: readonly Argument[]): Map<number, VaOptPart> {
  const parts = new Map<number, VaOptPart>();
  const rest = args[(macro.parameters?.length ?? 0) - 1];
  let present = false;
  if (rest !== undefined && rest.count > 0) {
    x.expandArgument(rest);
    for (let i = 0; i < rest.expandedCount; i++) {
      if (((x.arena.data[(rest.expandedStart + i) * stride] ?? 0) & 255) !== Token.Padding) present = true;
    }
  }
  for (let i = 0; i < body.count; i++) {
    if (body.data[i * 4 + 1] !== x.words.vaOpt || ((body.data[i * 4] ?? 0) & 255) !== Token.Identifier) continue;
    let depth = 0;
    let close = i + 1;
    for (; close < body.count; close++) {
      const kind = (body.data[close * 4] ?? 0) & 255;
      if (kind === Token.LParen) depth++;
      else if (kind === Token.RParen && --depth === 0) break;
    }
    const pastesOn = ((body.data[close * 4] ?? 0) & paste) !== 0;
    if (!present) parts.set(i, { kind: 'skip', to: close, pastesOn });
    else {
      parts.set(i, { kind: 'drop' });
      parts.set(i + 1, { kind: 'drop' });
      parts.set(close, { kind: 'close', pastesOn });
    }
    i = close;
  }
  return parts;
}
