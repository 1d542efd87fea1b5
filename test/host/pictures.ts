// Pictures of the panels in the states and sizes that a person meets, to look at after a change of their looks; judges nothing.
// Flags: --tree DIR, --preset NAME, --theme "Dark Modern", --width PIXELS (repeatable), --zoom PERCENT, --scene NAME (repeatable),
// --out DIR. Scenes: panel, scrolled, hover, lenses, edit, broken, graph, list, compare, pick, hierarchy.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../src/dev/chromium.ts';
import { root } from '../../src/dev/process.ts';
import { startServer } from '../../src/dev/server-host.ts';
import { results } from './facts.ts';
import {
  acceptTicked,
  choose,
  hover,
  lineWith,
  listRow,
  openFile,
  openWorkbench,
  panelShows,
  PATIENCE,
  runCommand,
  tracePanel,
  webviewFrame,
} from './workbench.ts';

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: join(root, 'media/sample-kernel') },
    preset: { type: 'string', default: 'reflinked-pair' },
    theme: { type: 'string', default: 'Dark Modern' },
    width: { type: 'string', multiple: true, default: ['1440'] },
    zoom: { type: 'string', default: '100' },
    scene: { type: 'string', multiple: true, default: ['panel'] },
    out: { type: 'string', default: join(results, 'pictures') },
  },
});

const height = 900;
const TRACE = '[role=tree] [role=treeitem]';

async function alone(page: Page, title: string): Promise<void> {
  await page.locator('.tab', { hasText: title }).first().click();
  await runCommand(page, 'View: Close Other Editors in Group');
  await runCommand(page, 'View: Close Editors in Other Groups');
}

/** Brings the workbench into the state of a scene. */
const scenes: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  panel: (page) => alone(page, 'Memory failure'),
  async scrolled(page) {
    await alone(page, 'Memory failure');
    await (await tracePanel(page)).locator('.details').scrollIntoViewIfNeeded();
  },
  async hover(page) {
    await openFile(page, 'drivers/nvdimm/pmem.c');
    const line = await lineWith(page, 'dax_holder_notify_failure(pmem->dax_dev');
    await page.waitForTimeout(2000);
    await hover(page, line, 'dax_holder_notify_failure', /byte/);
  },
  async lenses(page) {
    await openFile(page, 'drivers/nvdimm/pmem.c');
    await lineWith(page, 'static int pmem_pagemap_memory_failure(');
  },
  async edit(page) {
    await openFile(page, 'drivers/nvdimm/pmem.c');
    await lineWith(page, 'return dax_holder_notify_failure(pmem->dax_dev');
    await page.keyboard.press('Home');
    await page.keyboard.insertText('return -EIO; ');
    await panelShows(page, TRACE, 'xfs_dax_notify_failure(', false);
  },
  async broken(page) {
    await openFile(page, 'drivers/nvdimm/pmem.c');
    await lineWith(page, 'return dax_holder_notify_failure(pmem->dax_dev');
    await page.keyboard.press('Home');
    await page.keyboard.insertText('oops ) ( ; ');
    await panelShows(page, TRACE, 'Last good result', true);
  },
  async graph(page) {
    await runCommand(page, 'daxtrace: Show Call Graph from memory_failure');
    await webviewFrame(page, 'svg [role=option]');
  },
  async list(page) {
    await runCommand(page, 'daxtrace: Show Call Graph from memory_failure');
    await (await webviewFrame(page, 'svg [role=option]')).getByRole('button', { name: 'List' }).click();
  },
  async compare(page) {
    await runCommand(page, 'daxtrace: Compare Designs…');
    await choose(page, 'Which failure?', 'dm-reflinked');
    await listRow(page, 'holder-chain-dm').waitFor({ timeout: PATIENCE });
    await acceptTicked(page);
    await webviewFrame(page, 'table.comparison');
    await alone(page, 'Comparison');
  },
  async pick(page) {
    await runCommand(page, 'daxtrace: Trace memory_failure');
    await listRow(page, 'reflinked-pair').waitFor({ timeout: PATIENCE });
  },
  async hierarchy(page) {
    await openFile(page, 'drivers/dax/super.c');
    await lineWith(page, 'dax_holder_notify_failure(struct');
    await page.keyboard.press('ArrowLeft');
    await runCommand(page, 'Calls: Show Call Hierarchy');
    await page
      .getByText('xfs_dax_notify_ddev_failure')
      .or(page.getByText('mf_dax_kill_procs'))
      .first()
      .waitFor({ timeout: 5000 })
      .catch(() => undefined);
  },
};

mkdirSync(values.out, { recursive: true });
const server = await startServer({
  workspaceTrust: false,
  smokeTest: false,
  extension: root,
  env: { DAXTRACE_TRACE_ON_START: values.preset },
  settings: {
    'workbench.colorTheme': values.theme,
    'workbench.startupEditor': 'none',
    'workbench.activityBar.location': 'hidden',
    'editor.minimap.enabled': false,
    'git.enabled': false,
    'files.autoSave': 'off',
    'chat.disableAIFeatures': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
  },
});
const browser = await launchBrowser();
try {
  const zoom = Number(values.zoom) / 100;
  for (const scene of values.scene) {
    const sizes = values.width.map((width) => ({ width: Math.round(Number(width) / zoom), height: Math.round(height / zoom) }));
    const page = await browser.newPage({ viewport: { width: 1440, height }, deviceScaleFactor: zoom });
    await openWorkbench(page, server.address(values.tree));
    await tracePanel(page);
    await runCommand(page, 'View: Close Primary Side Bar');
    await panelShows(page, TRACE, 'reading ', false);
    await scenes[scene]?.(page);
    for (const [i, width] of values.width.entries()) {
      // A hover does not outlive a change of the size.
      if (sizes.length > 1 || zoom !== 1) await page.setViewportSize(sizes[i] ?? { width: 1440, height });
      await page.waitForTimeout(1200);
      const path = join(values.out, `${scene}-${width}${zoom === 1 ? '' : `-${values.zoom}`}.png`);
      await page.screenshot({ path });
      console.log(path);
    }
    await runCommand(page, 'View: Close All Editors');
    const discard = page.getByRole('button', { name: /Don't Save/ });
    if (await discard.isVisible()) await discard.click();
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
process.exit(0);
