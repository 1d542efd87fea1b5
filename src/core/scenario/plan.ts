// The small language in which an observation says what was done (`topology.plan`).

/** One line of the plan. Lines that change nothing (info, settle, pageinfo) become `note`. */
export type PlanLine =
  | { readonly kind: 'proc'; readonly label: string; readonly handler: string | undefined }
  | { readonly kind: 'policy'; readonly label: string; readonly policy: string }
  | {
      readonly kind: 'map';
      readonly label: string;
      readonly map: string;
      readonly path: string;
      readonly offset: number;
      readonly length: number;
      readonly sharing: string;
    }
  | {
      readonly kind: 'touch';
      readonly text: string;
      readonly label: string;
      readonly map: string;
      readonly page: number;
      readonly count: number;
      readonly write: boolean;
    }
  | { readonly kind: 'info'; readonly label: string; readonly map: string }
  | { readonly kind: 'madvise'; readonly label: string; readonly map: string; readonly page: number; readonly count: number }
  | { readonly kind: 'debugfs'; readonly target: DebugfsTarget }
  | { readonly kind: 'inject-shell'; readonly command: string }
  | { readonly kind: 'munmap'; readonly label: string; readonly map: string }
  | { readonly kind: 'exit'; readonly label: string }
  | { readonly kind: 'shell'; readonly command: string }
  | { readonly kind: 'note'; readonly text: string };

/** What a debugfs injection names: a page of a mapping, a byte of a device, or a frame. */
export type DebugfsTarget =
  | { readonly kind: 'page'; readonly label: string; readonly map: string; readonly page: number }
  | { readonly kind: 'device'; readonly device: string; readonly offset: bigint }
  | { readonly kind: 'pfn'; readonly pfn: bigint };

/** Parses one line; unknown words become notes, because a plan may say more than a scenario can. */
export function parsePlanLine(text: string): PlanLine {
  const words = text.trim().split(/\s+/);
  const [verb = '', first = '', second = '', third = ''] = words;
  const options = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) options.set(word.slice(0, equals), word.slice(equals + 1));
  }
  const number = (key: string, otherwise: number): number => {
    const value = options.get(key);
    return value === undefined ? otherwise : Number(value);
  };
  switch (verb) {
    case 'proc':
      return { kind: 'proc', label: first, handler: options.get('handler') };
    case 'policy':
      return { kind: 'policy', label: first, policy: second };
    case 'map':
      return {
        kind: 'map',
        label: first,
        map: second,
        path: third,
        offset: number('off', 0),
        length: number('len', 0),
        sharing: options.get('flags') ?? 'shared',
      };
    case 'touch':
    case 'post':
      return {
        kind: 'touch',
        text: text.trim(),
        label: first,
        map: second,
        page: number('page', 0),
        count: number('count', 1),
        write: (options.get('how') ?? 'r').startsWith('w'),
      };
    case 'info':
      return { kind: 'info', label: first, map: second };
    case 'inject':
      return parseInject(text, words, options);
    case 'munmap':
      return { kind: 'munmap', label: first, map: second };
    case 'exit':
      return { kind: 'exit', label: first };
    case 'sh':
      return { kind: 'shell', command: words.slice(2).join(' ') };
    default:
      return { kind: 'note', text };
  }
}

function parseInject(text: string, words: readonly string[], options: ReadonlyMap<string, string>): PlanLine {
  switch (words[1]) {
    case 'madvise':
      return {
        kind: 'madvise',
        label: words[2] ?? '',
        map: words[3] ?? '',
        page: Number(options.get('page') ?? 0),
        count: Number(options.get('count') ?? 1),
      };
    case 'debugfs': {
      const of = options.get('of');
      if (of !== undefined) {
        const [label = '', map = '', page = '0'] = of.split(':');
        return { kind: 'debugfs', target: { kind: 'page', label, map, page: Number(page) } };
      }
      const pfn = options.get('pfn');
      if (pfn !== undefined) return { kind: 'debugfs', target: { kind: 'pfn', pfn: wholeNumber(pfn) } };
      return { kind: 'debugfs', target: { kind: 'device', device: options.get('dev') ?? '', offset: wholeNumber(options.get('off')) } };
    }
    default:
      return { kind: 'inject-shell', command: text.trim().replace(/^inject\s+sh\s+/, '') };
  }
}

/** A decimal or hexadecimal number; what is none counts as 0. */
function wholeNumber(text: string | undefined): bigint {
  return text !== undefined && /^(0x[0-9a-fA-F]+|\d+)$/.test(text) ? BigInt(text) : 0n;
}
