// What can be read off the text of a function without parsing a unit.

/** From the line of the name to the closing brace at the start of a line; undefined when the file defines no such function. */
export function definitionTextIn(text: string, name: string): string | undefined {
  for (let at = text.indexOf(`${name}(`); at >= 0; at = text.indexOf(`${name}(`, at + 1)) {
    if (/\w/.test(text[at - 1] ?? ' ')) continue;
    const lineStart = text.lastIndexOf('\n', at) + 1;
    // Calls are indented; a definition starts in the first column.
    if (/^[\s#*/]/.test(text.slice(lineStart, lineStart + 1))) continue;
    const brace = text.indexOf('\n{', at);
    const semicolon = text.indexOf(';', at);
    if (brace < 0 || (semicolon >= 0 && semicolon < brace)) continue;
    const end = text.indexOf('\n}', brace + 2);
    return text.slice(lineStart, end < 0 ? text.length : end + 2);
  }
  return undefined;
}

/** Parameter names of a C prototype, in order; '' where one is unnamed. */
export function parameterNames(prototype: string): readonly string[] {
  const open = prototype.indexOf('(');
  const inside = prototype.slice(open + 1, prototype.lastIndexOf(')'));
  const pieces: string[] = [''];
  let depth = 0;
  for (const c of inside) {
    if (c === '(') depth++;
    if (c === ')') depth--;
    if (c === ',' && depth === 0) pieces.push('');
    else pieces.push((pieces.pop() ?? '') + c);
  }
  const names = pieces.map(
    (piece) => /\(\s*\*\s*(\w+)\s*\)/.exec(piece)?.[1] ?? /(\w+)\s*(?:\[[^\]]*\]\s*)*$/.exec(piece.trim())?.[1] ?? '',
  );
  return names.length === 1 && (names[0] === 'void' || names[0] === '') ? [] : names;
}
