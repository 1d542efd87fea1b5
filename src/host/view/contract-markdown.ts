// A contract as the Markdown of a hover, every place a link; knows no VS Code.
import type { HoverContract } from '../../core/contracts/contract.ts';

/** Evidence lines shown before the rest is only counted. */
const shownEvidence = 6;

const escapeCode = (text: string): string => text.replaceAll('`', 'ˋ');

/** Markdown of a contract; `link` gives the address of a place. */
export function contractMarkdown(
  { title, lines, evidence }: HoverContract,
  link: (file: string, line: number) => string | undefined,
): string {
  const place = (file: string, line: number): string => {
    const target = link(file, line);
    return target === undefined ? `${file}:${line}` : `[${file}:${line}](${target})`;
  };
  const linked = (text: string): string =>
    text.replace(/\b([\w./+-]+\.[chS]):(\d+)\b/g, (_, file: string, line: string) => place(file, Number(line)));
  const parts = [`**${title}**`, lines.map(linked).join('\n')];
  // Lines may already say where they come from.
  const said = lines.join('\n');
  const further = evidence.filter(({ file, line }) => !said.includes(`${file}:${line}`));
  const shown = further
    .slice(0, shownEvidence)
    .map(({ file, line, text, why }) => `- ${place(file, line)} \`${escapeCode(text.trim())}\` ${why}`);
  if (further.length > shownEvidence) shown.push(`- and ${further.length - shownEvidence} more`);
  if (shown.length > 0) parts.push(shown.join('\n'));
  return parts.filter((part) => part !== '').join('\n\n');
}
