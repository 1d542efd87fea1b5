// VS Code's own call hierarchy and "Go to Implementations", over the same call graph: indirect calls are candidates with their evidence.
import {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  languages,
  Location,
  Range,
  SymbolKind,
  type CallHierarchyProvider,
  type ImplementationProvider,
  type Position,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { FunctionPlace, Neighbour } from '../core/callgraph/neighbours.ts';
import { DisposableStore } from './disposable.ts';
import type { FeatureContext } from './feature.ts';

const selector = { language: 'c', scheme: 'file' };

/** An item that remembers the definition it stands for. */
class FunctionItem extends CallHierarchyItem {
  readonly place: FunctionPlace;

  constructor(place: FunctionPlace, uri: Uri, why: string) {
    const { name, file, line, column, endLine } = place;
    const nameRange = new Range(line - 1, column - 1, line - 1, column - 1 + name.length);
    super(
      SymbolKind.Function,
      name,
      why === '' ? file : `${why}  ${file}`,
      uri,
      nameRange.union(new Range(endLine - 1, 0, endLine - 1, 1)),
      nameRange,
    );
    this.place = place;
  }
}

const wholeLine = (line: number): Range => new Range(line - 1, 0, line - 1, 1000);

class Navigator implements CallHierarchyProvider, ImplementationProvider {
  private readonly context: FeatureContext;

  constructor(context: FeatureContext) {
    this.context = context;
  }

  async prepareCallHierarchy(document: TextDocument, position: Position): Promise<FunctionItem[] | undefined> {
    const at = this.placeAt(document, position);
    if (at === undefined) return undefined;
    const places = await this.context.engine.call('functionsAt', at);
    const items = places.map((place) => this.item(place, '')).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }

  async provideCallHierarchyOutgoingCalls(item: CallHierarchyItem): Promise<CallHierarchyOutgoingCall[]> {
    return this.neighbours(item, 'callees', (other, calls) => new CallHierarchyOutgoingCall(other, calls));
  }

  async provideCallHierarchyIncomingCalls(item: CallHierarchyItem): Promise<CallHierarchyIncomingCall[]> {
    return this.neighbours(item, 'callers', (other, calls) => new CallHierarchyIncomingCall(other, calls));
  }

  async provideImplementation(document: TextDocument, position: Position): Promise<Location[] | undefined> {
    const at = this.placeAt(document, position);
    if (at === undefined) return undefined;
    const slot = await this.context.engine.call('slotAt', at);
    return slot?.functions.flatMap((place) => {
      const item = this.item(place, '');
      return item === undefined ? [] : [new Location(item.uri, item.selectionRange)];
    });
  }

  private async neighbours<T>(
    item: CallHierarchyItem,
    direction: 'callers' | 'callees',
    make: (other: FunctionItem, calls: Range[]) => T,
  ): Promise<T[]> {
    if (!(item instanceof FunctionItem)) return [];
    const found = await this.context.engine.call('neighbours', { place: item.place, direction });
    return found.flatMap((neighbour) => {
      const other = this.item(neighbour.function, how(neighbour));
      return other === undefined
        ? []
        : [
            make(
              other,
              neighbour.calls.map(({ line }) => wholeLine(line)),
            ),
          ];
    });
  }

  private item(place: FunctionPlace, why: string): FunctionItem | undefined {
    const uri = this.context.trees.uriOf(place.file);
    return uri === undefined ? undefined : new FunctionItem(place, uri, why);
  }

  private placeAt(document: TextDocument, position: Position): { path: string; line: number; column: number } | undefined {
    const path = this.context.trees.pathInTree(document.uri.fsPath);
    if (path === undefined || document.getWordRangeAtPosition(position) === undefined) return undefined;
    return { path, line: position.line + 1, column: position.character + 1 };
  }
}

/** How the first call that is not written by name reaches the function: `ops-slot: dax_holder_operations.notify_failure = …`. */
const how = ({ calls }: Neighbour): string =>
  calls.every(({ kind }) => kind === 'direct') ? '' : (calls.find(({ kind }) => kind !== 'direct')?.evidence ?? '');

export function activate(context: FeatureContext): DisposableStore {
  const store = new DisposableStore();
  const navigator = new Navigator(context);
  store.add(languages.registerCallHierarchyProvider(selector, navigator));
  store.add(languages.registerImplementationProvider(selector, navigator));
  return store;
}
