// The engine over a folder on disk: what the worker and the command line share.
import { readFileSync } from 'node:fs';
import { invariant } from '../base/assert.ts';
import { Interner } from '../base/interner.ts';
import { chooseConfig } from '../core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../core/preprocessor/kernel/kernel-preprocessor.ts';
import { OverlaySource, type FileSource } from '../core/source/file-source.ts';
import { TraceSession } from '../core/session/trace-session.ts';
import { exportTrace } from '../core/trace/export/export.ts';
import { layoutReport, type LayoutEntry } from '../core/unit/layout-report.ts';
import { TranslationUnit } from '../core/unit/unit.ts';
import { SourceSession } from '../core/session/source-session.ts';
import type { ExportFormat, PresetInfo, TraceAnswer, TraceRequest } from '../core/session/engine-api.ts';
import type { CallOptions } from '../core/callgraph/call-graph.ts';
import type { CallReport } from '../core/callgraph/graph.ts';
import type { Neighbours } from '../core/callgraph/neighbours.ts';
import type { FunctionContract, HoverContract } from '../core/contracts/contract.ts';
import type { Lens, ParsedFile } from '../core/session/source-types.ts';
import type { OpsReport } from '../core/symbols/ops.ts';
import type { TraceResult } from '../core/trace/result.ts';
import { DiskSource } from './disk-source.ts';
import { loadGrammar } from './grammar-files.ts';
import { DiskWordSearch } from './prefilter.ts';

export interface EngineOptions {
  /** Absolute folder of the kernel tree. */
  readonly root: string;
  /** Absolute path of a kernel configuration, or null. */
  readonly config: string | null;
  /** Folder with the wasm grammar and the queries. */
  readonly grammars: string;
  /** Path of a ripgrep to search with; undefined looks on PATH. */
  readonly ripgrep?: string;
  readonly progress: (phase: string) => void;
}

/** Questions about one tree; all answers are JSON-able data. */
export interface TreeEngine {
  /** Replaces the text of a file (relative path); null takes the file on disk again. */
  setText(path: string, text: string | null): void;
  exists(path: string): boolean;
  ops(): OpsReport;
  /** Undefined when the tree defines no such function, or when `stopped` turned true. Other questions are answered meanwhile. */
  calls(name: string, options: CallOptions, stopped?: () => boolean): Promise<CallReport | undefined>;
  readonly neighbours: Neighbours;
  /** Undefined when the tree defines no such function or slot. */
  contract(name: string): FunctionContract | undefined;
  /** Reads ahead what hovers and call graphs will ask for, without keeping the thread busy. */
  prepare(): Promise<void>;
  parse(files: readonly string[]): readonly ParsedFile[];
  layout(types: readonly string[], file: string): readonly LayoutEntry[];
  lenses(path: string): readonly Lens[];
  hover(path: string, line: number, column: number): HoverContract | undefined;
  presets(): readonly PresetInfo[];
  trace(request: TraceRequest, cancelled: () => boolean): TraceAnswer;
  export(result: TraceResult, format: ExportFormat): string;
}

/** Opens a tree; reads nothing but the grammar and the configuration yet. */
export async function openEngine(options: EngineOptions): Promise<TreeEngine> {
  const { root, grammars, ripgrep, progress } = options;
  const disk = new DiskSource(root);
  const texts = new Map<string, string>();
  const files = new OverlaySource(disk, texts);
  const search = new DiskWordSearch(root, ripgrep === undefined ? {} : { ripgrep });
  const source = new SourceSession({ grammar: await loadGrammar(grammars), files: disk, search });
  const config = options.config === null ? undefined : { path: options.config, text: readFileSync(options.config, 'utf8') };
  const traces = new TraceSession({ source: files, name: options.root, base: disk, progress, ...(config === undefined ? {} : { config }) });
  return {
    setText: (path, text) => {
      if (text === null) {
        texts.delete(path);
        disk.invalidate(path);
      } else {
        texts.set(path, text);
      }
      source.setText(path, text);
      traces.changed(path);
    },
    exists: (path) => files.exists(path),
    ops: () => source.ops(),
    calls: (name, options, stopped = () => false) => source.callsInPieces(name, options, pauses(stopped)),
    prepare: () => search.prepare(),
    get neighbours() {
      return source.neighbours;
    },
    contract: (name) => source.contract(name),
    parse: (paths) => source.parse(paths),
    layout: (types, file) => layoutOf(files, config, types, file),
    lenses: (path) => source.lenses(path),
    hover: (path, line, column) => source.hover(path, line, column),
    presets: () => traces.presets(),
    trace: (request, cancelled) => {
      const start = performance.now();
      const answer = traces.trace(request, cancelled);
      if (answer.kind !== 'result') return answer;
      const notes = [...configWarnings(files, config), ...answer.result.notes];
      const verdict = explain(answer.result, (paths) => source.parse(paths.filter((path) => files.exists(path))), texts.keys());
      const milliseconds = Math.round(performance.now() - start);
      return { kind: 'result', result: { ...answer.result, notes, verdict }, milliseconds };
    },
    export: (result, format) => exportTrace(result, format),
  };
}

/** Other work gets a turn this often (milliseconds). */
const turn = 20;

/** Lets other work of this thread run when it is time; false when the work should stop. */
function pauses(stopped: () => boolean): () => Promise<boolean> {
  let begin = performance.now();
  return async () => {
    if (performance.now() - begin >= turn) {
      await new Promise((resolve) => setImmediate(resolve));
      begin = performance.now();
    }
    return !stopped();
  };
}

/** Where the path begins in each layer; read when a trace ends early and nothing else tells why. */
const pathFiles = ['mm/memory-failure.c', 'mm/memremap.c', 'drivers/dax/super.c', 'drivers/nvdimm/pmem.c', 'fs/xfs/xfs_notify_failure.c'];
/** Syntax problems that are named; one is usually the cause of the rest. */
const namedProblems = 3;

/** An unknown verdict names the lines that are no C: of edited files, else of the path, else of what ran. One group is the cause. */
function explain(
  { verdict, injections }: TraceResult,
  parse: (paths: readonly string[]) => readonly ParsedFile[],
  edited: Iterable<string>,
): TraceResult['verdict'] {
  if (verdict.kind !== 'unknown') return verdict;
  const ran = injections.flatMap(({ calls }) => calls.map((call) => call.file));
  for (const group of [[...edited], pathFiles, ran]) {
    const problems = parse([...new Set(group)].filter((path) => /\.[ch]$/.test(path))).flatMap(({ file, problems: found }) =>
      found.map(({ line, text, reason }) => `${file}:${line}: ${reason}: ${text.trim()}`),
    );
    if (problems.length > 0) return { ...verdict, reasons: [...problems.slice(0, namedProblems), ...verdict.reasons] };
  }
  return verdict;
}

/** A configuration without FS_DAX or MEMORY_FAILURE explains most surprises. */
function configWarnings(files: FileSource, given: { readonly path: string; readonly text: string } | undefined): readonly string[] {
  return chooseConfig(files, given).warnings.map(({ message, line }) => {
    const origin = given?.path ?? '.config';
    return line > 0 ? `${origin}:${line}: ${message}` : message;
  });
}

/** Layouts need the exact configuration, tracepoints included: they change `struct module`. */
function layoutOf(
  files: FileSource,
  given: { readonly path: string; readonly text: string } | undefined,
  types: readonly string[],
  file: string,
): readonly LayoutEntry[] {
  const { config } = chooseConfig(files, given);
  const unit = new KernelPreprocessor(files, config, new Interner()).preprocess(file);
  invariant(unit, `${file} exists but cannot be read`);
  return layoutReport(TranslationUnit.fromTokens(unit.tokens), types).types;
}
