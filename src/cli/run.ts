// `daxtrace run`: executes main() of a C program in the machine and prints what it prints.
import { runProgram } from '../node/run-program.ts';
import { exit, flagsOf, json, onlyArgument, readInput, type Command } from './command.ts';

export const runCommand: Command = {
  name: 'run',
  synopsis: 'FILE.c [--json]',
  summary: 'executes main() of a C program and reports what is wrong with it',
  run(args, terminal) {
    const { values, positionals } = flagsOf(args, {});
    const file = onlyArgument(positionals, 'FILE.c');
    const result = runProgram(file, readInput('FILE', file));
    terminal.out(values.json === true ? json(result) : result.stdout);
    for (const line of result.stderr.split('\n')) if (line !== '') terminal.note(`stderr: ${line}`);
    for (const fault of result.faults) {
      terminal.note(`fault: ${fault.kind}: ${fault.text}`);
      if (fault.object !== undefined) terminal.note(`  ${fault.object}`);
      for (const entry of fault.stack) terminal.note(`  in ${entry}`);
    }
    switch (result.kind) {
      case 'exited':
        return Promise.resolve(exit.done);
      case 'fault':
        return Promise.resolve(exit.found);
      case 'limit':
        terminal.note(`stopped: ${result.reason ?? ''}`);
        return Promise.resolve(exit.unknown);
    }
  },
};
