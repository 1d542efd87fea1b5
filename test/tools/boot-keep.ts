// `node test/tools/boot-keep.ts FOLDER KERNEL SCENE…`: keeps observations that boot.ts wrote as test/fixtures/observations/KERNEL/SCENE.json.
//
// What no comparison reads is left out: times, texts, what happened between the injections, page tables after the first one.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPathLine, type ObservedEvent, type TruthFile } from './truth/observed.ts';

const target = join(import.meta.dirname, '../fixtures/observations');
const MOST_BYTES = 60_000;

function keepEvent({ event, window, args, ret, ret64 }: ObservedEvent): ObservedEvent {
  return {
    ...(event === undefined ? {} : { event }),
    ...(window === undefined ? {} : { window }),
    ...(args === undefined ? {} : { args }),
    ...(ret === undefined ? {} : { ret }),
    ...(ret64 === undefined ? {} : { ret64 }),
  };
}

function compact(text: string): string {
  const file = JSON.parse(text) as TruthFile;
  const injections = file.observed.injections.map(({ n, injector_state, shutdown_tracepoints, shutdown_calls, processes }) => ({
    n,
    injector_state,
    shutdown_tracepoints,
    shutdown_calls,
    processes: processes?.map(({ label, state }) => ({ label, state })),
  }));
  const withoutTime = (line: string): string => line.replace(/^\[\s*\d+\.\d+\] /, '');
  const observed = {
    injections,
    dmesg: file.observed.dmesg.filter((line) => isPathLine(withoutTime(line))),
    kernel_oops_lines: file.observed.kernel_oops_lines,
    events: file.observed.events.filter(({ window, event }) => window?.startsWith('INJECT') === true && event !== undefined).map(keepEvent),
  };
  // One event a line keeps differences readable.
  const events = observed.events.map((event) => JSON.stringify(event)).join(',\n');
  return `${JSON.stringify({ ...file, observed: { ...observed, events: ['EVENTS'] } }).replace('"EVENTS"', () => `\n${events}\n`)}\n`;
}

function main(): number {
  const [folder, kernel, ...scenes] = process.argv.slice(2);
  if (folder === undefined || kernel === undefined || scenes.length === 0) {
    process.stdout.write('usage: boot-keep.ts FOLDER KERNEL SCENE…\n');
    return 2;
  }
  mkdirSync(join(target, kernel), { recursive: true });
  for (const scene of scenes) {
    const text = compact(readFileSync(join(folder, kernel, `${scene}.json`), 'utf8'));
    const isSmall = text.length <= MOST_BYTES;
    if (isSmall) writeFileSync(join(target, kernel, `${scene}.json`), text);
    process.stdout.write(`${kernel} ${scene}: ${text.length} bytes${isSmall ? '' : ', too large to keep'}\n`);
  }
  return 0;
}

process.exitCode = main();
