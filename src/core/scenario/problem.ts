// Problems of a scenario or observation file: data for the user, each with the path of the offending field.

import type { z } from 'zod';

/** `path` is written as in JavaScript: `filesystems[0].files[2].ino`. */
export interface ScenarioProblem {
  readonly path: string;
  readonly message: string;
}

/** A value, or everything that is wrong with the input. */
export type Checked<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly notes: readonly string[] }
  | { readonly kind: 'invalid'; readonly problems: readonly ScenarioProblem[] };

/** Problems as one line each: `path: message`. */
export function describeProblems(problems: readonly ScenarioProblem[]): string {
  return problems.map((problem) => (problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`)).join('\n');
}

/** zod's issues in our form; of a failed union only the deepest branch is told. */
export function problemsOf(error: z.ZodError): ScenarioProblem[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: `there is no field ${key} here` }))
      : [{ path: pathText(issue.path), message: messageOf(issue) }],
  );
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') {
    const messages = new Set(issue.errors.flat().map((inner) => inner.message));
    return messages.size > 0 ? [...messages].join(', or ') : issue.message;
  }
  return issue.message;
}

/** `['a', 0, 'b']` -> `a[0].b`. */
function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(key))) text += text === '' ? String(key) : `.${String(key)}`;
    else text += `[${JSON.stringify(String(key))}]`;
  }
  return text;
}
