// Layouts that gcc 12 gives on x86-64; each figure was printed by gcc.

import { describe, expect, test } from 'vitest';
import { layoutReport } from '../../../src/core/unit/layout-report.ts';
import { unitOf } from '../../tools/unit-of.ts';

function layout(text: string, type = 'struct s'): string {
  const [entry] = layoutReport(unitOf(text), [type]).types;
  if (entry === undefined || 'error' in entry) return entry?.error ?? '';
  const members = entry.members.map((m) => (m.bitSize === undefined ? `${m.name}@${m.offset}` : `${m.name}@${m.bitOffset}:${m.bitSize}`));
  return `${entry.size}/${entry.align} ${members.join(' ')}`;
}

describe('record layout', () => {
  test('members are aligned to their types and the size to the largest of them', () => {
    expect(layout('struct s { char a; long b; short c; };')).toBe('24/8 a@0 b@8 c@16');
  });

  test('members of anonymous structs and unions are listed flat with offsets from the start', () => {
    expect(layout('struct s { int a; union { long b; struct { short c; char d; }; }; };')).toBe('16/8 a@0 b@8 c@8 d@10');
  });

  test('a record that a function defines is found by its tag', () => {
    expect(layout('int f(void) { static const struct s { char a; long b; } table[2]; return table[0].a; }')).toBe('16/8 a@0 b@8');
    expect(layout('struct s; struct s *f(struct s *p) { return p; }')).toBe('this unit does not define it');
  });

  test('the element of va_list is known though no text declares it', () => {
    expect(layout('', 'struct __va_list_tag')).toBe('24/8 gp_offset@0 fp_offset@4 overflow_arg_area@8 reg_save_area@16');
  });

  test('a bit-field does not cross more units of its type than the type has', () => {
    expect(layout('struct s { char a; int b : 20; int c : 10; unsigned char d : 3; };')).toBe('8/4 a@0 b@8:20 c@32:10 d@42:3');
  });

  test('a bit-field that just fits stays in its unit', () => {
    expect(layout('struct s { int a : 20; int b : 12; int c : 1; };')).toBe('8/4 a@0:20 b@20:12 c@32:1');
  });

  test('a bit-field of width zero starts the next one in a new unit', () => {
    expect(layout('struct s { int a : 3; int : 0; int b : 5; };')).toBe('8/4 a@0:3 b@32:5');
  });

  test('an unnamed bit-field takes room but does not align the record', () => {
    expect(layout('struct s { char a; int : 5; char b; };')).toBe('3/1 a@0 b@2');
  });

  test('packed bit-fields follow each other bit by bit', () => {
    expect(layout('struct s { char a; long b : 40; int c : 30; short d; } __attribute__((packed));')).toBe('12/1 a@0 b@8:40 c@48:30 d@10');
  });

  test('aligned on a member, on the record and on a typedef each raise the alignment', () => {
    expect(layout('struct s { char a; int b __attribute__((aligned(16))); };')).toBe('32/16 a@0 b@16');
    expect(layout('struct s { char a; } __attribute__((aligned(64)));')).toBe('64/64 a@0');
    expect(layout('typedef int t __attribute__((aligned(8))); struct s { char a; t b; };')).toBe('16/8 a@0 b@8');
  });

  test('aligned on a typedef lowers the alignment too', () => {
    expect(layout('typedef long t __attribute__((aligned(4))); struct s { int a; t b; };')).toBe('12/4 a@0 b@4');
  });

  test('packed on one member leaves the others alone', () => {
    expect(layout('struct s { char a; long b __attribute__((packed)); int c; };')).toBe('16/4 a@0 b@1 c@12');
  });

  test('#pragma pack limits the alignment of members until it is popped', () => {
    const text = '#pragma pack(push, 2)\nstruct s { char a; int b; };\n#pragma pack(pop)\nstruct t { char a; int b; };';
    expect(layout(text)).toBe('6/2 a@0 b@2');
    expect(layout(text, 'struct t')).toBe('8/4 a@0 b@4');
  });

  test('a flexible array and an array of length zero add no size', () => {
    expect(layout('struct s { int n; long v[]; };')).toBe('8/8 n@0 v@8');
    expect(layout('struct s { int n; struct { } e; char v[0]; };')).toBe('4/4 n@0 e@4 v@4');
  });

  test('a union is as large as its largest member', () => {
    expect(layout('union u { char a[5]; int b; int c : 7; };', 'union u')).toBe('8/4 a@0 b@0 c@0:7');
  });

  test('a type that the unit does not define is an error of its own', () => {
    expect(layout('struct other;', 'struct other')).toBe('this unit does not define it');
    expect(layout('int x;', 'struct nothing')).toBe('this unit does not define it');
  });

  test('a typedef name and a tag inside another record are found', () => {
    expect(layout('typedef struct { int a; } t;', 't')).toBe('4/4 a@0');
    expect(layout('struct o { struct inner { char c; } i; };', 'struct inner')).toBe('1/1 c@0');
  });
});
