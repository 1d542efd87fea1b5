// Hover: the byte/page contract of a function, parameter, call or argument, with the lines it is inferred from as links.
import { Hover, languages, MarkdownString, Range, type Disposable, type HoverProvider, type Position, type TextDocument } from 'vscode';
import type { FeatureContext } from './feature.ts';
import { contractMarkdown } from './view/contract-markdown.ts';

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

export function activate(context: FeatureContext): Disposable {
  return languages.registerHoverProvider({ language: 'c', scheme: 'file' }, new ContractHover(context));
}
