// The call graph around one function: callees or callers, level by level, with one tree search per level.
import type { WordSearch } from '../source/word-search.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';
import { CallbackIndex } from './callbacks.ts';
import { callersOf } from './callers.ts';
import { directCalls, type CallContext } from './direct-calls.ts';
import { FunctionsIndex, openDefinition, type Definition } from './functions-index.ts';
import type { CallEdge, CallReport, UnresolvedCall } from './graph.ts';
import { indirectCalls, type IndirectSite } from './indirect-calls.ts';
import { SlotIndex, type Slot } from './slots.ts';

export interface CallOptions {
  readonly callers: boolean;
  /** Levels to follow; at least 1. */
  readonly depth: number;
  /** Functions whose own calls are wanted; all when absent. Callees only. */
  readonly follow?: (name: string) => boolean;
}

const maximumFunctions = 1500;
/** Services of the whole kernel: named as callees, listed as truncated, not followed. */
const services =
  /^(kernel\/(printk|locking|rcu|sched|trace|time|irq|events|cgroup|debug|bpf)\/|kernel\/(panic|notifier|softirq|kthread|workqueue|cpu|exit|reboot)\.c|lib\/|security\/|mm\/(sl[aou]b|slab_common|util|page_alloc|vmalloc|kasan|kmsan|kfence)|arch\/\w+\/lib\/|include\/linux\/(atomic|spinlock|rcu|lockdep|instrumented|seqlock|mutex|rwsem|preempt|percpu|kasan|kmsan|slab|string|fortify)|include\/asm-generic\/|arch\/\w+\/include\/)/;
/** Calls that instrumentation and messages add. */
function isService(e: CallEdge): boolean {
  return (
    e.macro !== undefined &&
    /^(_?printk|panic|ftrace_likely_update|warn_slowpath|__warn|dump_stack|__might_|trace_|__dynamic_|_dev_|rcu_read|lock_|_raw_|_cond|__const|__bad)/.test(
      e.callee,
    )
  );
}

/** Edges out of one function; `homes` names the file that gives an indirect callee. */
export interface FunctionEdges {
  readonly edges: CallEdge[];
  readonly unresolved: UnresolvedCall[];
  readonly homes: ReadonlyMap<CallEdge, string>;
}

/** Edges of functions, found on demand. Made anew when a text changes. */
export class CallGraph {
  readonly functions: FunctionsIndex;
  readonly slots: SlotIndex;
  readonly callbacks: CallbackIndex;
  private readonly trees: SourceTrees;
  private readonly search: WordSearch;
  private readonly context: CallContext;
  private readonly sites = new Map<string, readonly IndirectSite[]>();

  constructor(trees: SourceTrees, search: WordSearch, context: CallContext) {
    this.trees = trees;
    this.search = search;
    this.context = context;
    this.functions = new FunctionsIndex(trees, search);
    this.slots = new SlotIndex(trees, search, context.types);
    this.callbacks = new CallbackIndex(trees, search, context);
  }

  /** The graph around `root`; undefined when the tree defines no such function and nothing calls it. */
  report(root: string, options: CallOptions): CallReport | undefined {
    const steps = this.steps(root, options);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** `report` in pieces: between two of them other questions about the tree may be asked. */
  steps(root: string, options: CallOptions): Generator<undefined, CallReport | undefined> {
    return options.callers ? this.callers(root, options.depth) : this.callees(root, options);
  }

  /** Edges out of one function definition. */
  edgesOf(file: SourceFile, f: FunctionOutline): FunctionEdges {
    const edges: CallEdge[] = [];
    /** A static function in a slot or an argument is the one of the file that names it there. */
    const homes = new Map<CallEdge, string>();
    const unresolved: UnresolvedCall[] = [];
    const add = (callee: string, line: number, kind: CallEdge['kind'], evidence: string, macro?: string, home?: string): void => {
      if (edges.some((e) => e.callee === callee && e.line === line && e.kind === kind)) return;
      const edge: CallEdge = {
        caller: f.name,
        callee,
        file: file.path,
        line,
        kind,
        evidence,
        ...(macro === undefined ? {} : { macro }),
        conditions: file.conditionsAt(line),
      };
      edges.push(edge);
      if (home !== undefined) homes.set(edge, home);
    };
    for (const c of directCalls(file, f, this.context)) {
      add(
        c.callee,
        c.line,
        'direct',
        c.macro === undefined ? 'direct: called by name' : `direct: inside macro ${c.macro} (${c.macroFile ?? ''})`,
        c.macro,
      );
    }
    for (const site of this.indirect(file, f)) {
      const lost = (reason: string): number =>
        unresolved.push({ caller: f.name, file: file.path, line: site.line, text: site.text, reason });
      switch (site.kind) {
        case 'slot': {
          const slot = `${site.struct}.${site.member}`;
          const { values, parameters, tooMany } = this.slots.values(site.struct, site.member, file.path);
          for (const v of values)
            add(v.function, site.line, 'slot', `ops-slot: ${slot} = ${v.function} in ${v.table} (${v.file}:${v.line})`, undefined, v.file);
          for (const p of parameters) {
            for (const passed of this.callbacks.passed(p.function, p.parameter, this.homeOf(p.function, p.file))) {
              add(
                passed.function,
                site.line,
                'callback',
                `callback: passed to ${passed.callee} by ${passed.by} (${passed.file}:${passed.line}), stored in ${slot} (${p.file}:${p.line})`,
                undefined,
                passed.file,
              );
            }
          }
          if (tooMany !== undefined) lost(`${slot} is initialised in ${tooMany} files; only those of this folder were read`);
          else if (!edges.some((e) => e.line === site.line && e.kind !== 'direct')) lost(`no table or store of ${slot} was found`);
          break;
        }
        case 'parameter': {
          const passed = this.callbacks.passed(f.name, site.parameter, { path: file.path, isStatic: f.isStatic });
          for (const p of passed)
            add(
              p.function,
              site.line,
              'callback',
              `callback: passed as argument ${site.parameter + 1} of ${p.callee} by ${p.by} (${p.file}:${p.line})`,
              undefined,
              p.file,
            );
          if (passed.length === 0) lost(`no caller of ${f.name} passes a function as ${site.name}`);
          break;
        }
        case 'functions':
          for (const name of site.functions) add(name, site.line, 'callback', `callback: ${site.why}`);
          break;
        case 'unknown': {
          const alike = this.sameSignature(file, f, site.text);
          for (const name of alike)
            add(name, site.line, 'signature', `signature: its address is taken in ${file.path} and it takes as many parameters`);
          lost(site.reason);
          break;
        }
      }
    }
    return { edges: edges.sort((a, b) => a.line - b.line), unresolved, homes };
  }

  /** Address-taken functions of the same file with as many parameters as the call has arguments. */
  private sameSignature(file: SourceFile, f: FunctionOutline, text: string): string[] {
    const args = /\(([^()]*)\)\s*$/.exec(text)?.[1]?.split(',').length;
    if (args === undefined) return [];
    return file.functions
      .filter((g) => g.name !== f.name && g.parameters.length === args && new RegExp(`[=,(&]\\s*${g.name}\\s*[,;)}]`).test(file.text))
      .map((g) => g.name)
      .slice(0, 8);
  }

  private homeOf(name: string, from: string): { path: string; isStatic: boolean } {
    const d = this.functions.definition(name, from);
    return { path: d?.path ?? from, isStatic: d?.isStatic ?? false };
  }

  private *callees(root: string, { depth, follow = (): boolean => true }: CallOptions): Generator<undefined, CallReport | undefined> {
    const starts = this.functions.definitions(root);
    const first = starts[0];
    if (first === undefined) return undefined;
    const edges: CallEdge[] = [];
    const unresolved: UnresolvedCall[] = [];
    const truncated: string[] = [];
    const seen = new Set<string>([`${first.path}:${root}`]);
    let level: Definition[] = [first];
    for (let d = 0; d < depth && level.length > 0; d++) {
      const found: CallEdge[] = [];
      const homes = new Map<CallEdge, string>();
      yield* this.prepareIndirect(level);
      for (const definition of level) {
        yield;
        const opened = openDefinition(this.trees, definition);
        if (opened === undefined) continue;
        const result = this.edgesOf(opened.file, opened.f);
        found.push(...result.edges);
        for (const [edge, home] of result.homes) homes.set(edge, home);
        unresolved.push(...result.unresolved);
      }
      const from = (e: CallEdge): string => homes.get(e) ?? e.file;
      const last = d + 1 === depth;
      const local = (e: CallEdge): boolean => this.functions.functionsIn(from(e)).has(e.callee);
      if (!last) this.functions.prepare(found.filter((e) => follow(e.callee) && !local(e) && !isService(e)).map((e) => e.callee));
      const next: Definition[] = [];
      for (const e of found) {
        const target = this.functions.knownDefinition(e.callee, from(e));
        edges.push(target === undefined ? e : { ...e, calleeFile: target.path, calleeLine: target.line });
        if (target === undefined || last || !follow(e.callee)) continue;
        const key = `${target.path}:${e.callee}`;
        if (seen.has(key)) continue;
        seen.add(key);
        if (seen.size > maximumFunctions || services.test(target.path)) truncated.push(e.callee);
        else next.push(target);
      }
      // One file after the other: trees are few.
      level = next.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    }
    return { root, direction: 'callees', depth, edges, unresolved, truncated: [...new Set(truncated)].sort() };
  }

  private indirect(file: SourceFile, f: FunctionOutline): readonly IndirectSite[] {
    const key = `${file.path}:${f.nameOffset}`;
    let known = this.sites.get(key);
    if (known === undefined) {
      known = indirectCalls(file, f, this.context);
      this.sites.set(key, known);
    }
    return known;
  }

  /** One search for all slots and all receivers of callbacks of a level. */
  private *prepareIndirect(level: readonly Definition[]): Generator<undefined> {
    const slots: Slot[] = [];
    const receivers = new Set<string>();
    for (const definition of level) {
      yield;
      const opened = openDefinition(this.trees, definition);
      if (opened === undefined) continue;
      for (const site of this.indirect(opened.file, opened.f)) {
        if (site.kind === 'slot' && !this.slots.isPrivate(site.struct, definition.path)) slots.push(site);
        else if (site.kind === 'parameter' && !(opened.f.isStatic && definition.path.endsWith('.c'))) receivers.add(opened.f.name);
      }
    }
    const names = this.callbacks.words(receivers);
    const words = [...this.slots.words(slots), ...names];
    if (words.length === 0) return;
    const found = this.search.wordsOf(words);
    this.slots.take(slots, found);
    this.callbacks.take(names, found);
  }

  private *callers(root: string, depth: number): Generator<undefined, CallReport | undefined> {
    const edges: CallEdge[] = [];
    const truncated: string[] = [];
    const seen = new Set([root]);
    let level = [root];
    for (let d = 0; d < depth && level.length > 0; d++) {
      yield;
      const found = callersOf(level, { trees: this.trees, search: this.search, context: this.context, graph: this });
      const next: string[] = [];
      for (const e of found) {
        edges.push(e);
        if (seen.has(e.caller)) continue;
        seen.add(e.caller);
        if (seen.size > maximumFunctions) truncated.push(e.caller);
        else next.push(e.caller);
      }
      level = next;
    }
    if (edges.length === 0 && this.functions.definitions(root).length === 0) return undefined;
    return { root, direction: 'callers', depth, edges, unresolved: [], truncated };
  }
}
