// Entry of the command line: picks the command, writes its result to stdout and everything else to stderr.
import { callsCommand } from './calls.ts';
import { exit, UsageError, type Command, type ExitCode, type Terminal } from './command.ts';
import { compareCommand } from './compare.ts';
import { contractCommand } from './contract.ts';
import { layoutCommand } from './layout.ts';
import { opsCommand } from './ops.ts';
import { parseCommand } from './parse.ts';
import { runCommand } from './run.ts';
import { traceCommand } from './trace.ts';
import { DesignError } from '../node/designs.ts';
import { keepHeapSmall } from '../node/small-heap.ts';

const commands: readonly Command[] = [
  opsCommand,
  callsCommand,
  contractCommand,
  traceCommand,
  compareCommand,
  parseCommand,
  layoutCommand,
  runCommand,
];

function usage(): string {
  const rows = commands.map(({ name, synopsis, summary }) => `  daxtrace ${name} ${synopsis}\n      ${summary}`);
  return [
    'usage: daxtrace COMMAND …',
    ...rows,
    '',
    'stdout is the result, stderr the progress. Exit code: 0 done, 1 a law is violated or a fault was found,',
    '2 wrong usage or bad input, 3 the result is unknown.',
    '',
  ].join('\n');
}

async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.out(usage());
    return name === undefined ? exit.usage : exit.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  try {
    if (command === undefined)
      throw new UsageError(`${name} is no command; one of ${commands.map((candidate) => candidate.name).join(', ')}`);
    if (rest.includes('--help')) {
      terminal.out(`usage: daxtrace ${command.name} ${command.synopsis}\n`);
      return exit.done;
    }
    return await command.run(rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof DesignError)) throw error;
    process.stderr.write(`daxtrace${command === undefined ? '' : ` ${command.name}`}: ${error.message}\n`);
    return exit.usage;
  }
}

// A reader that closes early (head) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exit.done);
  throw error;
});

/** Seconds between two lines of progress: enough to see that it moves. */
const quietSeconds = 0.5;
const started = process.uptime();
let said = started;
keepHeapSmall();
main(process.argv.slice(2), {
  out: (text) => {
    process.stdout.write(text);
  },
  note: (text) => {
    process.stderr.write(`daxtrace: ${text}\n`);
  },
  progress: (phase) => {
    const now = process.uptime();
    if (now - said < quietSeconds) return;
    said = now;
    process.stderr.write(`daxtrace: ${(now - started).toFixed(1)} s ${phase}\n`);
  },
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `daxtrace: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis is a bug in daxtrace; please report it with the command.\n`,
    );
    process.exitCode = exit.unknown;
  },
);
