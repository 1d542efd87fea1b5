// Owners of disposables: whoever creates one adds it to a store in the same statement.
import type { Disposable } from 'vscode';

/** Disposes what was added, last first; late additions are disposed at once. */
export class DisposableStore implements Disposable {
  private readonly items: Disposable[] = [];
  private ended = false;

  add<T extends Disposable>(item: T): T {
    if (this.ended) item.dispose();
    else this.items.push(item);
    return item;
  }

  dispose(): void {
    this.ended = true;
    for (const item of this.items.splice(0).reverse()) item.dispose();
  }
}
