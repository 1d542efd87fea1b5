import { describe, expect, it } from 'vitest';
import type { ContractEvidence } from '../../../src/core/contracts/contract.ts';
import { contractMarkdown } from '../../../src/host/view/contract-markdown.ts';

const evidence = (line: number): ContractEvidence => ({ file: 'drivers/dax/super.c', line, text: '  rc = f(off);', why: 'takes bytes' });
const at = { line: 1, column: 1, endColumn: 2 };
const link = (file: string, line: number): string => `file:///t/${file}#L${line}`;

describe('contract markdown', () => {
  it('turns every place in a line into a link', () => {
    const text = contractMarkdown({ title: 'off', lines: ['- bytes (drivers/dax/super.c:167)'], evidence: [], ...at }, link);
    expect(text).toBe('**off**\n\n- bytes ([drivers/dax/super.c:167](file:///t/drivers/dax/super.c#L167))');
  });

  it('lists evidence that no line mentions, once', () => {
    const text = contractMarkdown(
      { title: 'off', lines: ['- bytes (drivers/dax/super.c:167)'], evidence: [evidence(167), evidence(9)], ...at },
      link,
    );
    expect(text.match(/super\.c:167\]/g)).toHaveLength(1);
    expect(text).toContain('- [drivers/dax/super.c:9](file:///t/drivers/dax/super.c#L9) `rc = f(off);` takes bytes');
  });

  it('counts what is too much', () => {
    const many = Array.from({ length: 9 }, (_, i) => evidence(i + 1));
    expect(contractMarkdown({ title: 'off', lines: [], evidence: many, ...at }, link)).toMatch(/- and 3 more$/);
  });

  it('leaves places alone that have no address', () => {
    expect(contractMarkdown({ title: 't', lines: ['a.c:1'], evidence: [], ...at }, () => undefined)).toBe('**t**\n\na.c:1');
  });
});
