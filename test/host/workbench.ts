// The workbench in a browser as a person uses it: palette, editor, lenses, hovers, the frames of webviews.

import type { Frame, Locator, Page } from 'playwright-core';

const PATIENCE = 30_000;

/** Waits until the workbench can be used. */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.waitForSelector('.monaco-workbench .part.editor', { timeout: 60_000 });
}

/** Runs a command by its title; waits until the extension that contributes it is known. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  const end = performance.now() + PATIENCE;
  for (;;) {
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input').first();
    await input.waitFor({ timeout: PATIENCE });
    await input.fill(`>${title}`);
    const known = await row.waitFor({ timeout: 2000 }).then(
      () => true,
      () => false,
    );
    if (known) break;
    if (performance.now() > end) throw new Error(`the palette has no command ${title}`);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Enter');
}

/** Opens a file of the workspace by its path. */
export async function openFile(page: Page, path: string): Promise<void> {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor({ timeout: PATIENCE });
  await input.fill(path);
  const name = path.split('/').at(-1) ?? path;
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor({ timeout: PATIENCE });
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: name }).first().waitFor({ timeout: PATIENCE });
}

/** The line of the active editor whose text contains `text`, scrolled into view by find. */
export async function lineWith(page: Page, text: string): Promise<Locator> {
  // The editor, not the explorer, must have the focus: both know Ctrl+F.
  await runCommand(page, 'View: Focus Active Editor Group');
  await page.keyboard.press('Control+F');
  const find = page.locator('.find-widget.visible textarea').first();
  await find.waitFor({ timeout: PATIENCE });
  await find.fill(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  const line = page.locator('.view-line', { hasText: text }).first();
  await line.waitFor({ timeout: PATIENCE });
  return line;
}

/** The inner frame of the webview whose page has an element for `selector`. */
export async function webviewFrame(page: Page, selector: string): Promise<Frame> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    for (const frame of page.frames()) {
      const found = await frame.$(selector).catch(() => null);
      if (found !== null && frame !== page.mainFrame()) return frame;
    }
    await page.waitForTimeout(200);
  }
  throw new Error(`no webview shows ${selector}`);
}
