// The packaged extension, installed and driven as a person would: palette, lens, hover, panel, edit, keyboard, axe, four themes.
// Flags: --tree DIR opens another tree, --picture rewrites media/panel.png.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../src/dev/chromium.ts';
import { root, run } from '../../src/dev/process.ts';
import { HostUnavailable, startServer, type Server } from '../../src/dev/server-host.ts';
import { lineWith, openFile, runCommand, waitForWorkbench, webviewFrame } from './workbench.ts';

const THEMES = [
  ['light', 'Light Modern'],
  ['dark', 'Dark Modern'],
  ['high-contrast', 'Default High Contrast'],
  ['high-contrast-light', 'Default High Contrast Light'],
] as const;
/** Milliseconds to wait for something to appear. */
const PATIENCE = 30_000;
const results = join(root, 'test/results');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: join(root, 'media/sample-kernel') },
    preset: { type: 'string', default: 'reflinked' },
    picture: { type: 'boolean', default: false },
  },
});

let passed = 0;
let failed = 0;

/** One fact about the product; a failure keeps a picture and lets the others run. */
async function fact(page: Page, title: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
    passed++;
    console.log(`  ok   ${title}`);
  } catch (error) {
    failed++;
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    console.log(`  FAIL ${title}: ${message}`);
    await page.screenshot({ path: join(results, `product-failed-${failed}.png`) }).catch(() => undefined);
  }
}

function expect(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

function settingsOf(theme: string): Record<string, unknown> {
  return {
    'workbench.colorTheme': theme,
    'workbench.startupEditor': 'none',
    'workbench.activityBar.location': 'hidden',
    'editor.minimap.enabled': false,
    'git.enabled': false,
    'files.autoSave': 'off',
    'chat.disableAIFeatures': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'daxtrace.scenario': '',
  };
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Rules that axe finds broken in a frame, colour contrast included. */
async function axeViolations(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(axe);
  const found = await frame.evaluate<AxeResult>('axe.run(document, { resultTypes: ["violations"] })');
  return found.violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 120) ?? ''}`);
}

async function tracePanel(page: Page): Promise<Frame> {
  return webviewFrame(page, '[role=tree] [role=treeitem]');
}

/** Waits until a text is, or is no longer, in a panel. The page's policy forbids evaluating a condition inside it. */
async function panelShows(page: Page, frame: Frame, text: string, wanted: boolean): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    if (((await frame.textContent('body')) ?? '').includes(text) === wanted) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`the panel ${wanted ? 'does not show' : 'still shows'} ${text}`);
}

/** Waits for a lens on the lines that are shown; others exist hidden. */
async function lens(page: Page, text: RegExp): Promise<void> {
  const links = page.locator('.codelens-decoration a', { hasText: text }).filter({ visible: true });
  await links.first().waitFor({ timeout: 2 * PATIENCE });
}

async function walk(page: Page, server: Server): Promise<void> {
  await page.goto(server.address(values.tree));
  await waitForWorkbench(page);
  await fact(page, 'the palette offers "Trace memory_failure", and picking a preset shows the trace panel', async () => {
    await runCommand(page, 'daxtrace: Trace memory_failure');
    await chooseScenario(page, values.preset);
    await tracePanel(page);
  });
  await fact(page, 'the panel shows the call tree, the ruler and who was signalled', async () => {
    const text = (await (await tracePanel(page)).textContent('body')) ?? '';
    for (const word of ['memory_failure', 'pmem_pagemap_memory_failure', 'xfs_dax_notify_failure', 'SIGBUS']) {
      expect(text.includes(word), `the panel does not show ${word}`);
    }
  });
  await fact(page, 'the panel has no axe violation', async () => {
    const violations = await axeViolations(await tracePanel(page));
    expect(violations.length === 0, violations.join('; '));
  });
  await fact(page, 'the call tree can be walked by keyboard, and Enter opens the source', async () => {
    const frame = await tracePanel(page);
    await frame.focus('[role=tree]');
    await page.keyboard.press('Home');
    const first = await frame.getAttribute('[role=tree]', 'aria-activedescendant');
    await page.keyboard.press('ArrowDown');
    const second = await frame.getAttribute('[role=tree]', 'aria-activedescendant');
    expect(second !== null && first !== second, `ArrowDown leaves ${first ?? 'nothing'} active`);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.locator('.tab', { hasText: /\.c$/ }).first().waitFor({ timeout: 15_000 });
  });
  await fact(page, 'a lens on the ops table leads to its registration', async () => {
    await openFile(page, 'drivers/nvdimm/pmem.c');
    await lineWith(page, 'dev_pagemap_ops fsdax_pagemap_ops');
    await lens(page, /implementation|registered by/);
  });
  await fact(page, 'a hover on the call of the holder shows the byte contract', async () => {
    const line = await lineWith(page, 'dax_holder_notify_failure(pmem->dax_dev');
    await line.getByText('dax_holder_notify_failure').first().hover();
    const hover = page.locator('.monaco-hover-content', { hasText: /byte/ }).first();
    await hover.waitFor({ timeout: PATIENCE });
  });
  await fact(page, 'an unsaved edit changes the trace in the open panel', async () => {
    await openFile(page, 'drivers/nvdimm/pmem.c');
    const line = await lineWith(page, 'return dax_holder_notify_failure(pmem->dax_dev');
    await line.click();
    await page.keyboard.press('Home');
    await page.keyboard.type('return -EIO; ');
    const frame = await tracePanel(page);
    await panelShows(page, frame, 'xfs_dax_notify_failure(', false);
    await page.keyboard.press('Control+Z');
    for (let i = 0; i < 12; i++) await page.keyboard.press('Control+Z');
    await panelShows(page, frame, 'xfs_dax_notify_failure(', true);
  });
  await fact(page, 'the call graph panel shows indirect edges with their evidence', async () => {
    await runCommand(page, 'daxtrace: Show Call Graph from memory_failure');
    const frame = await webviewFrame(page, 'svg, [role=graphics-document]');
    const violations = await axeViolations(frame);
    expect(violations.length === 0, violations.join('; '));
  });
  await comparisons(page);
  await logs(page);
  for (const [name, theme] of THEMES) {
    await fact(page, `the panel survives a reload, in the ${name} theme`, async () => {
      server.setSettings(settingsOf(theme));
      // The server's file watcher is one of the native modules that are not built: settings are read when the page loads.
      await page.reload();
      await waitForWorkbench(page);
      await tracePanel(page);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: join(results, `panel-${name}.png`) });
    });
  }
}

/** Text of the first notification that contains `text`. */
async function notification(page: Page, text: RegExp): Promise<string> {
  const toast = page.locator('.notification-list-item', { hasText: text }).first();
  await toast.waitFor({ timeout: PATIENCE });
  return (await toast.textContent()) ?? '';
}

/** Chooses a scenario by its name. Waits for the pick itself: the palette before it has rows as well. */
async function chooseScenario(page: Page, name: string): Promise<void> {
  const input = page.getByPlaceholder('Which failure?').first();
  await input.waitFor({ timeout: PATIENCE });
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: PATIENCE });
  await input.fill(name);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).first().waitFor({ timeout: PATIENCE });
  await page.keyboard.press('Enter');
}

async function comparisons(page: Page): Promise<void> {
  await fact(page, 'designs stand side by side on one scenario, those that are meant for it picked beforehand', async () => {
    await runCommand(page, 'daxtrace: Compare Designs…');
    await chooseScenario(page, 'dm-reflinked');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'holder-chain-dm' }).first().waitFor({ timeout: PATIENCE });
    await page.keyboard.press('Enter');
    const frame = await webviewFrame(page, 'table.comparison');
    for (const text of ['holder-chain-dm', 'notifier-chain', 'missed', 'callouts per TiB', 'bytes for a TiB that is mapped']) {
      await panelShows(page, frame, text, true);
    }
    const violations = await axeViolations(frame);
    expect(violations.length === 0, violations.join('; '));
    await page.screenshot({ path: join(results, 'comparison.png') });
  });
}

async function logs(page: Page): Promise<void> {
  const paste = async (log: string): Promise<void> => {
    await runCommand(page, 'daxtrace: Inject from Log…');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Type or paste a line' }).first().click({ timeout: PATIENCE });
    await page.locator('.quick-input-message', { hasText: 'kernel log line' }).first().waitFor({ timeout: PATIENCE });
    await page.keyboard.type(log);
    await page.keyboard.press('Enter');
    await chooseScenario(page, 'reflinked-pair');
  };
  await fact(page, 'a log that says nothing is refused with its line', async () => {
    await paste('hello world');
    expect(/line 1.*hello world/s.test(await notification(page, /The log gives no injection/)), 'the message does not name the line');
  });
  await fact(page, 'a line of a kernel log becomes a scenario that is traced', async () => {
    await paste('mce: [Hardware Error]: TSC 0 ADDR 4001d040 MISC 86');
    await panelShows(page, await tracePanel(page), 'from a log', true);
    expect(/0x4001d040/.test(await notification(page, /The scenario fails what the log names/)), 'the message does not name the address');
  });
}

/** The picture of the README: the panel beside pmem.c, lenses shown, nothing running. */
async function takePicture(page: Page, server: Server): Promise<void> {
  server.setSettings(settingsOf('Dark Modern'));
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
  await waitForWorkbench(page);
  const frame = await tracePanel(page);
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await lineWith(page, 'static int pmem_pagemap_memory_failure(');
  await lens(page, /Trace memory_failure through this/);
  await panelShows(page, frame, 'reading ', false);
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(root, 'media/panel.png') });
  console.log('media/panel.png is new');
}

mkdirSync(results, { recursive: true });
const packaged = await run(process.execPath, ['src/dev/package.ts'], { capture: true });
if (packaged.code === 0) passed++;
else {
  failed++;
  console.log(`  FAIL the package is complete and small: ${packaged.output.trim().split('\n').at(-1) ?? ''}`);
}
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
try {
  const server = await startServer({
    workspaceTrust: false,
    smokeTest: false,
    settings: settingsOf('Light Modern'),
    vsix: join(root, `daxtrace-${version}.vsix`),
  });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  try {
    await walk(page, server);
    if (values.picture) await takePicture(page, server);
  } finally {
    await browser.close();
    server.close();
  }
} catch (error) {
  if (!(error instanceof HostUnavailable)) throw error;
  failed++;
  console.log(`  FAIL the packaged extension starts: ${error.message}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
