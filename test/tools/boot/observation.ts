// What a guest sent, as an observation file: the world, the injections and what the kernel did.

type Json = Record<string, unknown>;

interface DriverEvent extends Json {
  readonly ev: string;
}

export interface Observation extends Json {
  readonly observed: { readonly events: readonly Json[] } & Json;
}

/** Assembles the file from the lines of the guest's second serial port; `description` is the scene's own comment. */
export function toObservation(id: string, release: string, description: string, lines: readonly string[]): Observation {
  const tagged = (tag: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`@${tag} `)).map((line) => line.slice(tag.length + 2));
  const driver = lines.filter((line) => line.startsWith('{')).flatMap(parseEvent);
  const events = parseTrace(tagged('trace'));
  const plan = tagged('plan');
  const mode = tagged('mode').at(-1) ?? 'raw';
  return {
    schema: 'pmem-mf-oracle/1',
    id,
    kernel: release,
    description,
    topology: {
      kernel: tagged('kernel')[0],
      cmdline: tagged('cmdline')[0],
      iomem_lines: tagged('iomem'),
      pmem: tagged('pmem').map((line) => pmemOf(line, mode)),
      blockdevs: tagged('block'),
      dm_table: tagged('dm'),
      mkfs_cmd: tagged('mkfs'),
      mount_cmd: tagged('mount'),
      filesystems: tagged('fs').map((line) => filesystemOf(line, lines, driver)),
      'vm.memory_failure_early_kill': Number(tagged('early')[0] ?? 0),
      processes: processesOf(driver),
      plan,
      touch_faults: touchFaults(events),
    },
    inject: driver.filter((event) => event.ev === 'inject').map((event) => injectionOf(event, events)),
    observed: {
      injections: driver.filter((event) => event.ev === 'inject').map((event) => resultOf(event, driver, events)),
      after: driver.filter((event) => event.ev === 'post'),
      dmesg: tagged('dmesg'),
      kernel_oops_lines: tagged('dmesg').filter((line) => /\] (BUG|Oops|WARNING|RIP|kernel BUG)/.test(line)),
      events,
    },
    probes: {
      probed: tagged('probe')
        .map(probeOf)
        .filter((probe) => probe['symbol'] !== '-'),
    },
  };
}

function parseEvent(line: string): readonly DriverEvent[] {
  try {
    return [JSON.parse(line) as DriverEvent];
  } catch {
    return [];
  }
}

function pmemOf(line: string, mode: string): Json {
  const [index = '0', start = '0', data = '', size = '0', align = '-', pfnMode = '-', dax = '-'] = line.split(' ');
  const own = index === '0' ? mode : 'raw';
  const known = /^0x/.test(data) ? data : start;
  return {
    index: Number(index),
    requested_mode: own,
    namespace_resource: start,
    data_resource: known,
    data_offset: Number(BigInt(known) - BigInt(start)),
    namespace_size: size,
    pfn_device: dax === '-' ? '' : dax,
    pfn_align: align === '-' ? '' : align,
    pfn_mode: pfnMode === '-' ? '' : pfnMode,
  };
}

function filesystemOf(line: string, lines: readonly string[], driver: readonly DriverEvent[]): Json {
  const [device = '', mountpoint = '', type = '', options = ''] = line.split(' ');
  const at = lines.indexOf(`@fs ${line}`);
  const info: string[] = [];
  for (const next of lines.slice(at + 1)) {
    if (!next.startsWith('@info ')) break;
    info.push(next.slice(6));
  }
  return {
    mountpoint,
    device,
    type,
    options,
    geometry: geometryOf(info.join('\n')),
    files: driver.filter((event) => event.ev === 'file' && event['mountpoint'] === mountpoint),
    fsmap: driver.find((event) => event.ev === 'fsmap' && event['mountpoint'] === mountpoint) ?? { records: [] },
  };
}

/** `xfs_info`: sections meta-data, data, naming, log and realtime with `key=value` fields. */
function geometryOf(text: string): Json {
  if (text === '') return {};
  const section = (name: string): string => new RegExp(`^${name}\\s*=([\\s\\S]*?)(?=^\\S|$(?![\\s\\S]))`, 'm').exec(text)?.[1] ?? '';
  const field = (within: string, key: string): number => Number(new RegExp(`\\b${key}=(\\d+)`).exec(within)?.[1] ?? 0);
  const [meta, data, log, realtime] = ['meta-data', 'data', 'log', 'realtime'].map(section);
  const first = (within: string | undefined): string =>
    /^\s*(internal log|internal|\/dev\/\S+|none|external)/.exec(within ?? '')?.[1] ?? '';
  const flags = [
    'isize',
    'agcount',
    'agsize',
    'sectsz',
    'crc',
    'finobt',
    'sparse',
    'rmapbt',
    'reflink',
    'bigtime',
    'inobtcount',
    'nrext64',
  ];
  return {
    ...Object.fromEntries(flags.map((key) => [key, field(meta ?? '', key)])),
    blocksize: field(data ?? '', 'bsize'),
    dblocks: field(data ?? '', 'blocks'),
    log: { kind: first(log), blocks: field(log ?? '', 'blocks') },
    realtime: { dev: first(realtime), extsz: field(realtime ?? '', 'extsz'), blocks: field(realtime ?? '', 'blocks') },
  };
}

function processesOf(driver: readonly DriverEvent[]): readonly Json[] {
  const first = driver.findIndex((event) => event.ev === 'inject');
  const before = first < 0 ? driver : driver.slice(0, first);
  return driver
    .filter((event) => event.ev === 'proc')
    .map((process) => {
      const own = driver.filter((event) => event['proc'] === process['proc']);
      const policy = own.findLast((event) => event.ev === 'policy' && before.includes(event));
      return {
        label: process['proc'],
        pid: process['pid'],
        comm: process['comm'],
        sigbus_disposition: { default: 'SIG_DFL', ignore: 'SIG_IGN' }[String(process['handler'])] ?? 'handler that records siginfo',
        mce_kill_policy: policy === undefined ? 'default (never set)' : policy['policy'],
        maps: own
          .filter((event) => event.ev === 'map')
          .map((map) => {
            const seen = before.findLast(
              (event) => event.ev === 'info' && event['proc'] === process['proc'] && event['map'] === map['map'],
            );
            return { ...map, ...(seen === undefined ? {} : { pages_before_first_inject: seen['pages'] }) };
          }),
        touched: own.filter((event) => event.ev === 'touch'),
      };
    });
}

function injectionOf(event: DriverEvent, events: readonly Json[]): Json {
  const calls = inWindow(events, event['n'], 'memory_failure').map((call) => call['args']);
  const { n, method, by, map, page, count, va, pfn } = event;
  return { n, method, by, map, page, count, va, pfn, memory_failure_calls: calls };
}

function inWindow(events: readonly Json[], n: unknown, name: string): readonly Json[] {
  return events.filter((event) => event['window'] === `INJECT ${String(n)}` && event['event'] === name);
}

function resultOf(event: DriverEvent, driver: readonly DriverEvent[], events: readonly Json[]): Json {
  const returns: Record<string, unknown[]> = {};
  for (const one of events) {
    const name = typeof one['event'] === 'string' ? one['event'] : '';
    if (one['window'] === `INJECT ${String(event['n'])}` && name.endsWith('_ret')) (returns[name.slice(0, -4)] ??= []).push(one['ret']);
  }
  return {
    n: event['n'],
    rc: event['rc'],
    errno: event['errno'],
    injector_state: event['state'] ?? null,
    return_values: returns,
    shutdown_tracepoints: inWindow(events, event['n'], 'xfs_force_shutdown').map((one) => one['text']),
    shutdown_calls: inWindow(events, event['n'], 'xfs_do_force_shutdown').map((one) => one['args']),
    processes: driver
      .filter((one) => one.ev === 'status' && one['n'] === event['n'] && one['when'] === 'after')
      .map((one) => ({ label: one['proc'], state: one['state'], termsig: one['termsig'], signals: one['signals'] })),
  };
}

/** ftrace's text: markers, probes and tracepoints; what lies between the markers of an injection gets its window. */
function parseTrace(lines: readonly string[]): readonly Json[] {
  const events: Json[] = [];
  let window: string | undefined;
  for (const line of lines) {
    const match = /^\s*(.+?)-(\d+)\s+\[\d+\]\s+\S+\s+(\d+\.\d+):\s+(\S+?): (.*)$/.exec(line);
    if (match === null) continue;
    const [, comm = '', pid = '', time = '0', name = '', text = ''] = match;
    const t = Number(time);
    if (name === 'tracing_mark_write') {
      events.push({ t, marker: text });
      const begin = /^(INJECT \d+) (BEGIN|END)/.exec(text);
      if (begin !== null) window = begin[2] === 'BEGIN' ? begin[1] : undefined;
      else if (text.startsWith('TOUCH')) window = text.startsWith('TOUCH-END') ? undefined : text;
      continue;
    }
    events.push({ t, task: `${comm}-${pid}`, event: name, ...(window === undefined ? {} : { window }), ...fieldsOf(name, text) });
  }
  return events;
}

function fieldsOf(name: string, text: string): Json {
  const args: Record<string, string> = {};
  for (const [, key = '', quoted, plain = ''] of text.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|([^\s)]+))/g)) args[key] = quoted ?? plain;
  if (!name.endsWith('_ret')) return { text: text.replace(/^\(\S+\)\s*/, ''), args };
  if (args['ret'] === undefined) return { ret: null, ret64: null };
  const ret64 = BigInt.asIntN(64, BigInt(args['ret']));
  return { ret: Number(BigInt.asIntN(32, ret64)), ret64: Number(ret64) };
}

/** How the faults of each touch ended, counted. */
function touchFaults(events: readonly Json[]): Json {
  const found: Record<string, Record<string, number>> = {};
  for (const event of events) {
    const { window, event: name, text } = event;
    if (typeof window !== 'string' || !window.startsWith('TOUCH') || !/^dax_p[mt]d?e?_fault_done$/.test(String(name))) continue;
    const counts = (found[window] ??= {});
    const key = `${String(name)}:${/(?:pgoff|max_pgoff).*?\s([A-Z_|]+)\s*$/.exec(String(text))?.[1] ?? '?'}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return found;
}

function probeOf(line: string): Json {
  const [head = '', status = '', args = ''] = line.split(' | ');
  const [name = '', symbol = '-'] = head.trim().split(' ');
  return { function: name, symbol, status: status.trim(), args: args.trim() };
}
