import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exit, flagsOf, numberOf, onlyArgument, readInput, treeOf, UsageError } from '../../../src/cli/command.ts';
import { overlaysOf } from '../../../src/cli/overlays.ts';
import { exitOf } from '../../../src/cli/exit-of.ts';
import type { InjectionResult, TraceResult } from '../../../src/core/trace/result.ts';

const folder = mkdtempSync(join(tmpdir(), 'daxtrace-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = join(folder, 'edited.c');
writeFileSync(file, 'int x;\n');

const injection = (kind: 'returned' | 'limit'): InjectionResult => ({
  n: 1,
  title: '',
  result: kind === 'returned' ? { kind, value: '0' } : { kind, reason: 'asm' },
  signals: [],
  shutdowns: [],
  calls: [],
  log: [],
  faults: [],
});
const result = (verdict: TraceResult['verdict'], kind: 'returned' | 'limit' = 'returned'): TraceResult => ({
  scenario: { id: 's', title: '' },
  injections: [injection(kind)],
  processes: [],
  filesystems: [],
  intrinsics: [],
  verdict,
  notes: [],
});

describe('command line', () => {
  it('every command takes --json, and an unknown flag is wrong usage', () => {
    expect(flagsOf(['--json'], {}).values.json).toBe(true);
    expect(() => flagsOf(['--jsn'], {})).toThrow(UsageError);
  });

  it('a missing tree is named', () => {
    expect(() => treeOf(undefined)).toThrow('--tree DIR is missing');
    expect(() => treeOf(join(folder, 'nowhere'))).toThrow('no such folder');
    expect(() => treeOf(file)).toThrow('is not a folder');
    expect(treeOf(folder)).toBe(folder);
  });

  it('a missing input file is named with its flag', () => {
    expect(() => readInput('--scenario', '/nowhere.json')).toThrow('--scenario /nowhere.json: no such file');
    expect(() => readInput('--scenario', folder)).toThrow('is a folder');
  });

  it('numbers and arguments are checked', () => {
    expect(numberOf('--depth', undefined, 3, 1)).toBe(3);
    expect(() => numberOf('--depth', '0', 3, 1)).toThrow('--depth 0: expected a whole number from 1');
    expect(() => onlyArgument([], 'function')).toThrow('function is missing');
    expect(() => onlyArgument(['a', 'b'], 'function')).toThrow('b is too much');
  });

  it('an overlay is a path of the tree and an existing file', () => {
    expect([...overlaysOf([`./mm/x.c=${file}`], folder)]).toEqual([['mm/x.c', 'int x;\n']]);
    for (const wrong of ['x', '=y', 'x=', `/abs=${file}`, `../out=${file}`, 'mm/x.c=/nowhere']) {
      expect(() => overlaysOf([wrong], folder)).toThrow(UsageError);
    }
  });

  it('the exit code tells held, violated and unknown apart', () => {
    expect(exitOf(result({ kind: 'holds', violations: [] }))).toBe(exit.done);
    expect(exitOf(result({ kind: 'violated', violations: [{ law: 1, text: '', injection: 1 }] }))).toBe(exit.found);
    expect(exitOf(result({ kind: 'unknown', violations: [], reasons: [] }))).toBe(exit.unknown);
    expect(exitOf(result({ kind: 'holds', violations: [] }, 'limit'))).toBe(exit.unknown);
  });
});
