// The text of one function's definition in a file of the kernel's layout.

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
