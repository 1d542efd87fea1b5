// The part of the C library that is written in C and executed like the program: what calls back, keeps state, or walks strings.
// Every definition is weak, so that a program's own function of that name wins, as with a real linker.
import { numbers, sorting } from './runtime-numbers.ts';
import { streams } from './runtime-streams.ts';
import { characters, memory, strings } from './runtime-strings.ts';

/** Path of the unit in places. */
export const runtimePath = 'libc/runtime.c';

/** The unit's text. */
export const runtimeText = ['#define LIB __attribute__((weak))', streams, memory, strings, characters, numbers, sorting].join('\n');
