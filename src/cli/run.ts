// `daxtrace run`: executes main() of a preprocessed C program in the machine and prints what it prints.
import { runProgram } from '../node/run-program.ts';
import { exit, flagsOf, json, onlyArgument, readInput, type Command } from './command.ts';

export const runCommand: Command = {
  name: 'run',
  synopsis: 'FILE.c [--json]',
  summary: 'executes main() of a preprocessed C program',
  run(args, terminal) {
    const { values, positionals } = flagsOf(args, {});
    const file = onlyArgument(positionals, 'FILE.c');
    const result = runProgram(file, readInput('FILE', file));
    if (values.json === true) terminal.out(json(result));
    else terminal.out(result.stdout);
    switch (result.kind) {
      case 'exited':
        return Promise.resolve(exit.done);
      case 'fault':
        terminal.note(`fault: ${result.reason}`);
        return Promise.resolve(exit.found);
      case 'limit':
        terminal.note(`stopped: ${result.reason}`);
        return Promise.resolve(exit.unknown);
    }
  },
};
