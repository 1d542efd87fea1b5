// The packaged extension, installed and driven as a person would: palette, lens, hover, panel, edit, keyboard, axe, four themes.
// Flags: --tree DIR opens another tree, --picture rewrites media/panel.png, --slow N makes the workbench N times slower.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../src/dev/chromium.ts';
import { root, run } from '../../src/dev/process.ts';
import { HostUnavailable, startServer, type Server } from '../../src/dev/server-host.ts';
import { expect, expectAccessible, Facts, results } from './facts.ts';
import {
  acceptTicked,
  answerBox,
  choose,
  hover,
  lens,
  lineWith,
  listRow,
  notification,
  openFile,
  openWorkbench,
  panelShows,
  PATIENCE,
  reloadWorkbench,
  runCommand,
  tracePanel,
  webviewFrame,
} from './workbench.ts';

const THEMES = [
  ['light', 'Light Modern'],
  ['dark', 'Dark Modern'],
  ['high-contrast', 'Default High Contrast'],
  ['high-contrast-light', 'Default High Contrast Light'],
] as const;
/** What only the trace panel, and only the comparison, has. */
const TRACE = '[role=tree] [role=treeitem]';
const COMPARISON = 'table.comparison';
const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: join(root, 'media/sample-kernel') },
    preset: { type: 'string', default: 'reflinked-pair' },
    picture: { type: 'boolean', default: false },
    slow: { type: 'string', default: '1' },
  },
});
const facts = new Facts();
const fact = facts.fact.bind(facts);

function settingsOf(theme: string): Record<string, unknown> {
  return {
    'workbench.colorTheme': theme,
    'workbench.startupEditor': 'none',
    'workbench.activityBar.location': 'hidden',
    'editor.minimap.enabled': false,
    'editor.occurrencesHighlight': 'off',
    'git.enabled': false,
    'files.autoSave': 'off',
    'chat.disableAIFeatures': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'daxtrace.scenario': '',
  };
}

async function walk(page: Page, server: Server): Promise<void> {
  await openWorkbench(page, server.address(values.tree));
  await fact(page, 'the palette offers "Trace memory_failure", and picking a preset shows the trace panel', async () => {
    await runCommand(page, 'daxtrace: Trace memory_failure');
    await choose(page, 'Which failure?', values.preset);
    await tracePanel(page);
  });
  await fact(page, 'the panel shows the call tree, the ruler and who was signalled', async () => {
    for (const word of ['memory_failure', 'pmem_pagemap_memory_failure', 'xfs_dax_notify_failure', 'SIGBUS']) {
      await panelShows(page, TRACE, word, true);
    }
  });
  await fact(page, 'the panel has no axe violation', async () => {
    await expectAccessible(await tracePanel(page));
  });
  await fact(page, 'the call tree can be walked by keyboard, and Enter opens the source', async () => {
    const tree = (await tracePanel(page)).locator('[role=tree]');
    await tree.press('Home');
    const first = await tree.getAttribute('aria-activedescendant');
    await tree.press('ArrowDown');
    const second = await tree.getAttribute('aria-activedescendant');
    expect(second !== null && first !== second, `ArrowDown leaves ${first ?? 'nothing'} active`);
    await tree.press('Home');
    await tree.press('Enter');
    await page.locator('.tab', { hasText: /\.c$/ }).first().waitFor({ timeout: PATIENCE });
  });
  await fact(page, 'a lens on the ops table leads to its registration', async () => {
    await openFile(page, 'drivers/nvdimm/pmem.c');
    await lineWith(page, 'dev_pagemap_ops fsdax_pagemap_ops');
    await lens(page, /implementation|registered by/);
  });
  await fact(page, 'a hover on the call of the holder shows the byte contract', async () => {
    await openFile(page, 'drivers/nvdimm/pmem.c');
    const line = await lineWith(page, 'dax_holder_notify_failure(pmem->dax_dev');
    await hover(page, line, 'dax_holder_notify_failure', /byte/);
  });
  await fact(page, 'an unsaved edit changes the trace in the open panel', () => edit(page));
  await fact(page, 'the call graph panel shows indirect edges with their evidence', async () => {
    await runCommand(page, 'daxtrace: Show Call Graph from memory_failure');
    await expectAccessible(await webviewFrame(page, 'svg, [role=graphics-document]'));
  });
  await comparisons(page);
  await logs(page);
  for (const [name, theme] of THEMES) {
    await fact(page, `the panel survives a reload, in the ${name} theme`, async () => {
      server.setSettings(settingsOf(theme));
      // The server's file watcher is one of the native modules that are not built: settings are read when the page loads.
      await reloadWorkbench(page);
      const panel = await tracePanel(page);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: join(results, `panel-${name}.png`) });
      await expectAccessible(panel);
    });
  }
}

/** Makes the driver refuse, waits for the panel, takes it back, waits again. Prints how long the panel took. */
async function edit(page: Page): Promise<void> {
  const call = 'return dax_holder_notify_failure(pmem->dax_dev';
  await openFile(page, 'drivers/nvdimm/pmem.c');
  await tracePanel(page);
  try {
    await lineWith(page, call);
    await page.keyboard.press('Home');
    const begin = performance.now();
    await page.keyboard.insertText('return -EIO; ');
    await panelShows(page, TRACE, 'xfs_dax_notify_failure(', false);
    console.log(`       from the edit to the new trace in the panel: ${Math.round(performance.now() - begin)} ms`);
    await page
      .locator('.view-line', { hasText: `return -EIO; ${call}` })
      .first()
      .waitFor({ timeout: PATIENCE });
  } finally {
    await runCommand(page, 'File: Revert File');
  }
  await panelShows(page, TRACE, 'xfs_dax_notify_failure(', true);
}

async function comparisons(page: Page): Promise<void> {
  await fact(page, 'designs stand side by side on one scenario, those that are meant for it picked beforehand', async () => {
    await runCommand(page, 'daxtrace: Compare Designs…');
    await choose(page, 'Which failure?', 'dm-reflinked');
    await listRow(page, 'holder-chain-dm').waitFor({ timeout: PATIENCE });
    await acceptTicked(page);
    for (const text of ['holder-chain-dm', 'notifier-chain', 'missed', 'callouts per TiB', 'more for a mapped TiB than']) {
      await panelShows(page, COMPARISON, text, true);
    }
    await expectAccessible(await webviewFrame(page, COMPARISON));
    await page.screenshot({ path: join(results, 'comparison.png') });
  });
}

async function logs(page: Page): Promise<void> {
  const paste = async (log: string): Promise<void> => {
    await runCommand(page, 'daxtrace: Inject from Log…');
    await listRow(page, 'Type or paste a line').click({ timeout: PATIENCE });
    await answerBox(page, 'kernel log line', log);
    await choose(page, 'Which failure?', 'reflinked-pair');
  };
  await fact(page, 'a log that says nothing is refused with its line', async () => {
    await paste('hello world');
    expect(/line 1.*hello world/s.test(await notification(page, /The log gives no injection/)), 'the message does not name the line');
  });
  await fact(page, 'a line of a kernel log becomes a scenario that is traced', async () => {
    await paste('mce: [Hardware Error]: TSC 0 ADDR 4001d040 MISC 86');
    await panelShows(page, TRACE, 'from a log', true);
    expect(/0x4001d040/.test(await notification(page, /The scenario fails what the log names/)), 'the message does not name the address');
  });
}

/** The picture of the README: pmem.c with its lenses, the panel beside it, nothing running. Taken before anything else is open. */
async function takePicture(browser: Browser, server: Server): Promise<void> {
  server.setSettings(settingsOf('Dark Modern'));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await openWorkbench(page, server.address(values.tree));
  await openFile(page, 'drivers/nvdimm/pmem.c');
  await runCommand(page, 'View: Close Primary Side Bar');
  await runCommand(page, 'daxtrace: Trace memory_failure');
  await choose(page, 'Which failure?', values.preset);
  await tracePanel(page);
  await lineWith(page, 'static int pmem_pagemap_memory_failure(');
  await page.keyboard.press('Home');
  await lens(page, /Trace memory_failure through this/);
  await panelShows(page, TRACE, 'reading ', false);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(3000);
  await page.screenshot({ path: join(root, 'media/panel.png') });
  await page.close();
  console.log('media/panel.png is new');
}

mkdirSync(results, { recursive: true });
const packaged = await run(process.execPath, ['src/dev/package.ts'], { capture: true });
if (packaged.code === 0) facts.passed++;
else facts.fail(`the package is complete and small: ${packaged.output.trim().split('\n').at(-1) ?? ''}`);
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
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: Number(values.slow) });
  try {
    if (values.picture) await takePicture(browser, server);
    await walk(page, server);
  } finally {
    await browser.close();
    server.close();
  }
} catch (error) {
  if (!(error instanceof HostUnavailable)) throw error;
  facts.fail(`the packaged extension starts: ${error.message}`);
}
console.log(`${facts.passed} passed, ${facts.failed} failed`);
process.exit(facts.failed === 0 ? 0 : 1);
