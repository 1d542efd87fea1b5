// Chooses the branch of an #if group that is read (C11 6.10.1).

import { evaluateCondition } from './condition.ts';
import type { Expander } from './expander.ts';
import type { Directive } from './lexed-file.ts';
import { firstOperandIs, inOperands } from './operands.ts';
import { Token } from './token-kind.ts';

type Report = (token: number, message: string) => void;

/** Moves the expander into the first branch that holds, from `first` on, or behind the group; `report` gets the token a problem is at. */
export function takeBranch(x: Expander, first: Directive, report: Report): void {
  const { file } = x;
  let branch: Directive | undefined = first;
  while (branch !== undefined) {
    if (holds(x, branch, report)) {
      x.pos = branch.end;
      return;
    }
    if (branch.next < 0) {
      x.pos = file.count;
      return;
    }
    branch = file.directives[branch.next];
  }
}

function holds(x: Expander, directive: Directive, report: Report): boolean {
  switch (directive.name) {
    case 'else':
    case 'endif':
      return true;
    case 'ifdef':
    case 'elifdef':
    case 'ifndef':
    case 'elifndef': {
      if (!firstOperandIs(x.file, directive, Token.Identifier)) {
        report(directive.hash, `no macro name given in #${directive.name}`);
        return false;
      }
      const defined = x.isMacro(x.file.id[directive.operands] ?? 0);
      return defined === (directive.name === 'ifdef' || directive.name === 'elifdef');
    }
    default: {
      const condition = inOperands(x, directive, () => evaluateCondition(x));
      if (condition.kind === 'value') return condition.holds;
      report(directive.hash, condition.message);
      return false;
    }
  }
}
