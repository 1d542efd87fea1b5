// The observed part of a ground-truth file, as far as it is compared.

export interface ObservedEvent {
  readonly event?: string;
  readonly window?: string;
  readonly symbol?: string;
  readonly task?: string;
  readonly text?: string;
  readonly marker?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly ret?: number | null;
  readonly ret64?: number | null;
}

export interface ObservedInjectionResult {
  readonly n: number;
  readonly injector_state: string | null;
  readonly shutdown_tracepoints: readonly string[];
  readonly shutdown_calls: readonly { readonly flags: string }[];
  readonly processes?: readonly { readonly label: string; readonly state: string }[];
}

export interface ProbeDefinition {
  readonly function: string;
  readonly symbol: string | null;
  readonly status: string;
  readonly args?: string;
}

/** A ground-truth file. */
export interface TruthFile {
  readonly id: string;
  readonly observed: {
    readonly injections: readonly ObservedInjectionResult[];
    readonly events: readonly ObservedEvent[];
    readonly dmesg: readonly string[];
    readonly kernel_oops_lines?: readonly string[];
  };
  readonly probes: { readonly probed: readonly ProbeDefinition[] };
  readonly topology: { readonly processes?: readonly { readonly label: string; readonly pid?: number; readonly comm?: string }[] };
}

/** One entry or return of a probed function. */
export interface Mark {
  readonly kind: 'enter' | 'leave';
  readonly function: string;
  readonly args: Readonly<Record<string, string>>;
  /** Raw 64-bit result as text, when the probe gave one. */
  readonly returns?: string;
}

/** Events of `window` that are entries or returns of `probes`, in order. */
export function observedMarks(file: TruthFile, n: number, probes: ReadonlySet<string>): readonly Mark[] {
  const marks: Mark[] = [];
  for (const event of file.observed.events) {
    if (event.window !== `INJECT ${n}` || event.event === undefined) continue;
    if (probes.has(event.event)) marks.push({ kind: 'enter', function: event.event, args: event.args ?? {} });
    else if (event.event.endsWith('_ret') && probes.has(event.event.slice(0, -4))) {
      marks.push({
        kind: 'leave',
        function: event.event.slice(0, -4),
        args: {},
        ...(event.ret64 === null || event.ret64 === undefined ? {} : { returns: String(BigInt(event.ret64)) }),
      });
    }
  }
  return marks;
}

/** signal_generate events of a window as `A 7/4 res=0`. */
export function observedSignals(file: TruthFile, n: number): readonly string[] {
  const labels = new Map((file.topology.processes ?? []).map((process) => [String(process.pid ?? ''), process.label]));
  return file.observed.events
    .filter((event) => event.window === `INJECT ${n}` && event.event === 'signal_generate')
    .map((event) => event.args ?? {})
    .map(
      (args) =>
        `${labels.get(args['pid'] ?? '') ?? args['comm'] ?? '?'} ${args['sig'] ?? ''}/${args['code'] ?? ''} ${args['res'] === '0' || args['res'] === undefined ? 'delivered' : 'not delivered'}`,
    );
}

/** Lines of the kernel log that this path prints, timestamps and what depends on the probes taken away. */
export function observedLog(file: TruthFile): readonly string[] {
  return file.observed.dmesg
    .map((line) => line.replace(/^\[\s*\d+\.\d+\] /, ''))
    .filter(isPathLine)
    .map(normaliseLog);
}

/** True for lines that the failure path prints itself. */
export function isPathLine(line: string): boolean {
  return (
    /^(Injecting memory failure|Memory failure: |XFS \(|BUG: (kernel NULL|unable to handle)|MCE: Killing)/.test(line) &&
    !/^XFS \(\S+\): (Mounting|Ending|Unmounting|EXPERIMENTAL|DAX|Quotacheck)/.test(line)
  );
}

/** The caller that an alert names is a trampoline of the return probes, and of no meaning here. */
export function normaliseLog(line: string): string {
  return line.replace(/detected at \S+ \(/, 'detected at CALLER (');
}

/** Flags of the shutdowns that took effect. */
export function observedShutdowns(injection: ObservedInjectionResult): readonly string[] {
  return injection.shutdown_calls.slice(0, injection.shutdown_tracepoints.length).map((call) => `0x${BigInt(call.flags).toString(16)}`);
}
