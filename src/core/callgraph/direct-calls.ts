// Direct call edges of one function: written out, in macro arguments, and inside macro bodies.
import type { ExpressionTypes } from '../symbols/expression-type.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import { writtenCalls, type WrittenCall } from './body-calls.ts';
import type { MacroIndex } from './macros.ts';

/** What the rules about calls need. */
export interface CallContext {
  readonly macros: MacroIndex;
  readonly types: ExpressionTypes;
}

/** A call whose callee is named by the text or by a macro. */
export interface DirectCall {
  readonly callee: string;
  readonly offset: number;
  readonly line: number;
  readonly args: readonly string[];
  readonly macro?: string;
  /** Where the macro is defined. */
  readonly macroFile?: string;
}

/** Direct calls in order of place; a callee that one macro use calls twice is listed once. */
export function directCalls(file: SourceFile, f: FunctionOutline, context: CallContext): DirectCall[] {
  const { macros } = context;
  const result: DirectCall[] = [];
  for (const call of writtenCalls(
    file,
    f,
    (name) => macros.lookup(name, file.path)?.some((m) => m.parameters === undefined && m.body.length > 1) === true,
  )) {
    if (call.isMember) continue;
    if (isLocal(call, file, f, context)) continue;
    const macro = macros.lookup(call.name, file.path);
    if (macro === undefined) {
      if (call.args !== undefined && !call.name.startsWith('__builtin_'))
        result.push({ callee: call.name, offset: call.offset, line: call.line, args: call.args });
      continue;
    }
    const before = result.length;
    for (const hidden of macros.calls(call.name, call.args, file.path)) {
      // `#define f(x) f(x)` is the function of that name.
      if (hidden.callee === call.name) result.push({ callee: call.name, offset: call.offset, line: call.line, args: call.args ?? [] });
      else
        result.push({
          callee: hidden.callee,
          offset: call.offset,
          line: call.line,
          args: [],
          macro: call.name,
          macroFile: hidden.macro.file,
        });
    }
    const itself = result.slice(before).some((c) => c.callee === call.name);
    if (!itself && call.args !== undefined && macros.isAlsoFunction(call.name, file.path))
      result.push({ callee: call.name, offset: call.offset, line: call.line, args: call.args });
  }
  return result;
}

/** Parameters and local variables that are called are indirect calls. */
function isLocal(call: WrittenCall, file: SourceFile, f: FunctionOutline, context: CallContext): boolean {
  if (call.args === undefined) return false;
  if (f.parameters.some((p) => p.name === call.name)) return true;
  const v = context.types.local(call.name, call.offset, file);
  const global = v === undefined ? context.types.global(call.name, file) : undefined;
  if (global !== undefined && !global.isPrototype && !file.functions.some((g) => g.name === call.name)) return true;
  return v?.type?.isFunction === true || (v !== undefined && v.type !== undefined && !v.isPrototype);
}
