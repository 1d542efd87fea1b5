// Where a value that a variable was given can still be read: the statements of a function in the order in which they can run.
import type { Node } from 'web-tree-sitter';

/** A simple statement or a condition, and what can run after it. */
interface Point {
  /** Undefined for a place where paths only meet. */
  readonly node: Node | undefined;
  next: Point[];
}

interface Targets {
  readonly onBreak?: Point;
  readonly onContinue?: Point;
}

/** The flow of one function body. */
export class ValueFlow {
  private readonly points: Point[] = [];
  private readonly labels = new Map<string, Point>();

  constructor(body: Node) {
    this.statement(body, this.point(undefined), {});
  }

  /** Simple statements and conditions that can read what `write` gives `variable`, in the order of the text; the own one is left out. */
  readers(write: Node, variable: string): Node[] {
    const start = this.pointOf(write);
    const found = new Set<Node>();
    const seen = new Set<Point>();
    const open = [...(start?.next ?? [])];
    for (let point = open.pop(); point !== undefined; point = open.pop()) {
      if (seen.has(point)) continue;
      seen.add(point);
      const { node } = point;
      if (node !== undefined) {
        const uses = node.descendantsOfType('identifier').filter((use) => use.text === variable);
        const writes = uses.filter(isWritten);
        if (uses.length > writes.length) found.add(node);
        if (writes.length > 0) continue;
      }
      open.push(...point.next);
    }
    return [...found].sort((a, b) => a.startIndex - b.startIndex);
  }

  /** True when a return statement can read it. */
  isReturned(write: Node, variable: string): boolean {
    return this.readers(write, variable).some((node) => node.type === 'return_statement');
  }

  private pointOf(node: Node): Point | undefined {
    let best: Point | undefined;
    for (const point of this.points) {
      const { node: other } = point;
      if (other === undefined || other.startIndex > node.startIndex || other.endIndex < node.endIndex) continue;
      if (best?.node === undefined || other.endIndex - other.startIndex < best.node.endIndex - best.node.startIndex) best = point;
    }
    return best;
  }

  private point(node: Node | undefined, ...next: Point[]): Point {
    const point = { node, next };
    this.points.push(point);
    return point;
  }

  private label(name: string): Point {
    let point = this.labels.get(name);
    if (point === undefined) this.labels.set(name, (point = this.point(undefined)));
    return point;
  }

  /** The entry of a statement after which `next` runs. */
  private statement(node: Node | null, next: Point, targets: Targets): Point {
    if (node === null) return next;
    const field = (name: string): Node | null => node.childForFieldName(name);
    switch (node.type) {
      case 'compound_statement':
      case 'else_clause':
        return this.list(node.namedChildren, next, targets);
      case 'if_statement':
        return this.point(
          field('condition') ?? undefined,
          this.statement(field('consequence'), next, targets),
          this.statement(field('alternative'), next, targets),
        );
      case 'while_statement': {
        const test = this.point(field('condition') ?? undefined, next);
        test.next.push(this.statement(field('body'), test, { onBreak: next, onContinue: test }));
        return test;
      }
      case 'do_statement': {
        const test = this.point(field('condition') ?? undefined, next);
        const body = this.statement(field('body'), test, { onBreak: next, onContinue: test });
        test.next.push(body);
        return body;
      }
      case 'for_statement': {
        const test = this.point(field('condition') ?? undefined, next);
        const update = this.point(field('update') ?? undefined, test);
        test.next.push(this.statement(field('body'), update, { onBreak: next, onContinue: update }));
        return this.point(field('initializer') ?? undefined, test);
      }
      case 'switch_statement':
        return this.switchOver(node, next, targets);
      case 'labeled_statement': {
        const entry = this.list(
          node.namedChildren.filter((child) => child.type !== 'statement_identifier'),
          next,
          targets,
        );
        const label = this.label(field('label')?.text ?? '');
        label.next = [entry];
        return label;
      }
      case 'goto_statement':
        return this.label(field('label')?.text ?? '');
      case 'break_statement':
        return targets.onBreak ?? next;
      case 'continue_statement':
        return targets.onContinue ?? next;
      case 'return_statement':
        return this.point(node);
      case 'comment':
        return next;
      default:
        return this.point(node, next);
    }
  }

  private list(nodes: readonly Node[], next: Point, targets: Targets): Point {
    return nodes.reduceRight((after, node) => this.statement(node, after, targets), next);
  }

  private switchOver(node: Node, next: Point, targets: Targets): Point {
    const inside = { ...targets, onBreak: next };
    const test = this.point(node.childForFieldName('condition') ?? undefined);
    let after = next;
    let hasDefault = false;
    for (const child of (node.childForFieldName('body')?.namedChildren ?? []).toReversed()) {
      const value = child.type === 'case_statement' ? child.childForFieldName('value') : undefined;
      after =
        child.type === 'case_statement'
          ? this.list(
              child.namedChildren.filter((part) => part.id !== value?.id),
              after,
              inside,
            )
          : this.statement(child, after, inside);
      if (child.type !== 'case_statement') continue;
      test.next.push(after);
      hasDefault ||= value === null;
    }
    if (!hasDefault) test.next.push(next);
    return test;
  }
}

/** True for the left side of a plain assignment and for a name that is declared. */
function isWritten(use: Node): boolean {
  const { parent } = use;
  if (parent?.type === 'assignment_expression')
    return parent.childForFieldName('left')?.id === use.id && parent.childForFieldName('operator')?.text === '=';
  return parent?.type === 'init_declarator' && parent.childForFieldName('declarator')?.id === use.id;
}
