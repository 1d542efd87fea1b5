// Facts about the product in a browser: each is tried, tried again when it failed, counted, and pictured when it does not hold.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { root } from '../../src/dev/process.ts';

/** Where pictures and logs of a run go. */
export const results = join(root, 'test/results');
/** A fact that fails may be about a busy machine; one that fails this often is about the product. */
const ATTEMPTS = 3;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Rules that axe finds broken in a frame, colour contrast included. */
export async function axeViolations(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(axe);
  const found = await frame.evaluate<AxeResult>('axe.run(document, { resultTypes: ["violations"] })');
  return found.violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 120) ?? ''}`);
}

/** @throws an error that names the broken rules */
export async function expectAccessible(frame: Frame): Promise<void> {
  const violations = await axeViolations(frame);
  expect(violations.length === 0, violations.join('; '));
}

/** @throws an error with the text unless the condition holds */
export function expect(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

/** Counts what holds and what does not. */
export class Facts {
  passed = 0;
  failed = 0;

  /** One fact; a failure keeps a picture and lets the others run. */
  async fact(page: Page, title: string, check: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await check();
        this.passed++;
        console.log(`  ok   ${title}`);
        return;
      } catch (error) {
        const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
        const last = attempt === ATTEMPTS;
        if (last) this.fail(`${title}: ${message}`);
        else console.log(`  once more, after "${message}": ${title}`);
        await page.screenshot({ path: join(results, `product-failed-${this.failed}-${attempt}.png`) }).catch(() => undefined);
        if (last) return;
        await page.keyboard.press('Escape').catch(() => undefined);
      }
    }
  }

  /** Notes a failure that is no fact of a page. */
  fail(what: string): void {
    this.failed++;
    console.log(`  FAIL ${what}`);
  }
}
