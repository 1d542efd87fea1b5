// Hover: the byte/page contract of a function, parameter, call or argument, with the lines it is inferred from as links.
import { Hover, languages, MarkdownString, Range, type Disposable, type HoverProvider, type Position, type TextDocument } from 'vscode';
import type { HoverContract } from '../core/contracts/contract.ts';
import type { FeatureContext } from './feature.ts';

/** Evidence lines shown before the rest is only counted. */
const shownEvidence = 6;

class ContractHover implements HoverProvider {
  private readonly context: FeatureContext;

  constructor(context: FeatureContext) {
    this.context = context;
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    const { trees, engine, log } = this.context;
    const tree = trees.current;
    const path = trees.pathInTree(document.uri.fsPath);
    if (tree === undefined || path === undefined || document.getWordRangeAtPosition(position) === undefined) return undefined;
    try {
      const contract = await engine.call('hover', { path, line: position.line + 1, column: position.character + 1 });
      if (contract === null) return undefined;
      const { line, column, endColumn } = contract;
      const link = (file: string, at: number): string | undefined =>
        trees
          .uriOf(file)
          ?.with({ fragment: `L${at}` })
          .toString();
      const text = new MarkdownString(contractMarkdown(contract, link));
      return new Hover(text, new Range(line - 1, column - 1, line - 1, endColumn - 1));
    } catch (error) {
      log.warn(`hover in ${path}: ${String(error)}`);
      return undefined;
    }
  }
}

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
  const parts = [`**${title}**`, lines.map(linked).join('  \n')];
  const shown = evidence
    .slice(0, shownEvidence)
    .map(({ file, line, text, why }) => `- ${place(file, line)} \`${escapeCode(text.trim())}\` ${why}`);
  if (evidence.length > shownEvidence) shown.push(`- and ${evidence.length - shownEvidence} more`);
  if (shown.length > 0) parts.push(shown.join('\n'));
  return parts.filter((part) => part !== '').join('\n\n');
}

export function activate(context: FeatureContext): Disposable {
  return languages.registerHoverProvider({ language: 'c', scheme: 'file' }, new ContractHover(context));
}
