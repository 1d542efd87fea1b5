// A kernel configuration: read from .config text, written as the autoconf.h that a build makes of it.

/** Options that are set; absent means "is not set". Values are `y`, `m`, a number as written, or a string in quotes. */
export interface KernelConfig {
  /** Where it came from, for messages: a path or `built-in profile`. */
  readonly origin: string;
  /** Without the CONFIG_ prefix. */
  readonly options: ReadonlyMap<string, string>;
}

/** Something about a configuration that its user should know. */
export interface ConfigWarning {
  readonly option: string;
  readonly message: string;
  /** Line in the configuration's text, from 1; 0 when the option is not mentioned. */
  readonly line: number;
}

/** Reads .config text. Lines that are neither options nor comments are reported, the rest is used. */
export function parseConfig(origin: string, text: string): { config: KernelConfig; warnings: ConfigWarning[] } {
  const options = new Map<string, string>();
  const warnings: ConfigWarning[] = [];
  /** Lines of the options that are mentioned, set or not. */
  const lines = new Map<string, number>();
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    const set = /^CONFIG_(\w+)=(.*)$/.exec(line);
    const unset = /^# CONFIG_(\w+) is not set$/.exec(line);
    if (set !== null) {
      const [, name = '', value = ''] = set;
      lines.set(name, index + 1);
      if (value === 'n') options.delete(name);
      else if (/^([ym]|-?\d+|0[xX][0-9a-fA-F]+|"(?:[^"\\]|\\.)*")$/.test(value)) options.set(name, value);
      else
        warnings.push({
          option: name,
          message: `CONFIG_${name} has the value ${value}, which is no y, m, number or string`,
          line: index + 1,
        });
    } else if (unset !== null) {
      options.delete(unset[1] ?? '');
      lines.set(unset[1] ?? '', index + 1);
    } else if (line !== '' && !line.startsWith('#')) {
      warnings.push({ option: '', message: `not a configuration line: ${line.slice(0, 60)}`, line: index + 1 });
    }
  });
  const config = { origin, options };
  warnings.push(...needsOf(config).map((w) => ({ ...w, line: lines.get(w.option) ?? 0 })));
  return { config, warnings };
}

/** Options without which there is nothing to trace, and what is lost without them. */
const needs: readonly { readonly option: string; readonly message: string }[] = [
  { option: 'MEMORY_FAILURE', message: 'memory_failure() is not built: a failed page is never reported' },
  { option: 'ZONE_DEVICE', message: 'there are no dev_pagemaps: a failed page of persistent memory has no driver to ask' },
  { option: 'DAX', message: 'there are no DAX devices: no holder can be notified' },
  { option: 'FS_DAX', message: 'filesystems cannot map DAX pages: holders and mf_dax_kill_procs() are compiled out' },
];

function needsOf(config: KernelConfig): ConfigWarning[] {
  return needs
    .filter((need) => !config.options.has(need.option))
    .map((need) => ({ option: need.option, message: `CONFIG_${need.option} is not set in ${config.origin}: ${need.message}`, line: 0 }));
}

/** The text of include/generated/autoconf.h (scripts/kconfig/confdata.c): y is 1, m defines CONFIG_X_MODULE. */
export function autoconf(config: KernelConfig): string {
  let text = '';
  for (const [name, value] of config.options) {
    if (value === 'y') text += `#define CONFIG_${name} 1\n`;
    else if (value === 'm') text += `#define CONFIG_${name}_MODULE 1\n`;
    else text += `#define CONFIG_${name} ${value}\n`;
  }
  return text;
}
