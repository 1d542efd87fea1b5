// The workbench in a browser as a person uses it: palette, lists to pick from, editor, the frames of webviews.
// Each act looks at what came of it and tries again: under load the focus moves late, and a key may reach what had it before.

import type { Frame, Locator, Page } from 'playwright-core';

/** Milliseconds to wait for something to appear. */
export const PATIENCE = 60_000;
/** Milliseconds that one attempt of an act may take. */
const ATTEMPT = 4000;

/** Loads the workbench and waits until it can be used. */
export async function openWorkbench(page: Page, address: string): Promise<void> {
  await page.goto(address, { timeout: 2 * PATIENCE });
  await waitForWorkbench(page);
}

/** Loads the page again: settings are read then, and panels come back from what they kept. */
export async function reloadWorkbench(page: Page): Promise<void> {
  await page.reload({ timeout: 2 * PATIENCE });
  await waitForWorkbench(page);
}

async function waitForWorkbench(page: Page): Promise<void> {
  await page.waitForSelector('.monaco-workbench .part.editor', { timeout: 2 * PATIENCE });
}

/** Tries an act until it is done. @throws what stopped the last attempt, with the name of the act */
async function insist(page: Page, act: string, attempt: () => Promise<void>): Promise<void> {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() > end) throw new Error(`${act}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
      await closeLists(page);
      await page.waitForTimeout(200);
    }
  }
}

const listInput = (page: Page): Locator => page.locator('.quick-input-widget input').filter({ visible: true }).first();
/** A row of the list that is open. */
export const listRow = (page: Page, text: string): Locator =>
  page.locator('.quick-input-list .monaco-list-row', { hasText: text }).filter({ visible: true }).first();

/** Closes the list that is open, if one is. */
async function closeLists(page: Page): Promise<void> {
  const input = listInput(page);
  if (await input.isVisible()) await input.press('Escape', { timeout: ATTEMPT }).catch(() => undefined);
}

/** Opens a list by a key, types into it and takes the row that says `wanted`. */
async function take(page: Page, key: string, typed: string, wanted: string): Promise<void> {
  await page.keyboard.press(key);
  const input = listInput(page);
  await input.waitFor({ timeout: ATTEMPT });
  await input.fill(typed, { timeout: ATTEMPT });
  await listRow(page, wanted).click({ timeout: ATTEMPT });
}

/** Runs a command by its title; waits until the extension that contributes it is known. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await insist(page, `the palette's ${title}`, () => take(page, 'F1', `>${title}`, title));
}

/** Opens a file of the workspace by its path. */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = path.split('/').at(-1) ?? path;
  await insist(page, `opening ${path}`, async () => {
    await take(page, 'Control+P', path, name);
    await page.locator('.tab.active', { hasText: name }).first().waitFor({ timeout: ATTEMPT });
  });
}

/** Chooses from a list that a command opened, by its place holder. The list may fill late. */
export async function choose(page: Page, placeHolder: string, name: string): Promise<void> {
  const input = page.getByPlaceholder(placeHolder).filter({ visible: true }).first();
  await input.waitFor({ timeout: PATIENCE });
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: PATIENCE });
  await input.fill(name);
  await listRow(page, name).click({ timeout: PATIENCE });
  await input.waitFor({ state: 'hidden', timeout: PATIENCE });
}

/** Accepts the rows that are ticked in a list with several choices. */
export async function acceptTicked(page: Page): Promise<void> {
  await page
    .locator('.quick-input-widget .monaco-button', { hasText: 'OK' })
    .filter({ visible: true })
    .first()
    .click({ timeout: PATIENCE });
}

/** Answers an input box, known by its message. */
export async function answerBox(page: Page, message: string, text: string): Promise<void> {
  const box = page.locator('.quick-input-message', { hasText: message }).filter({ visible: true }).first();
  await box.waitFor({ timeout: PATIENCE });
  await listInput(page).fill(text);
  await listInput(page).press('Enter');
  await box.waitFor({ state: 'hidden', timeout: PATIENCE });
}

/** The line of the active editor whose text contains `text`, scrolled into view by find. */
export async function lineWith(page: Page, text: string): Promise<Locator> {
  const line = page.locator('.view-line', { hasText: text }).filter({ visible: true }).first();
  await insist(page, `finding ${text}`, async () => {
    // The editor, not the explorer, must have the focus: both know Ctrl+F.
    await runCommand(page, 'View: Focus Active Editor Group');
    await page.keyboard.press('Control+F');
    const find = page.locator('.find-widget.visible textarea').first();
    await find.waitFor({ timeout: ATTEMPT });
    await find.fill(text, { timeout: ATTEMPT });
    await find.press('Enter');
    await find.press('Escape');
    await line.waitFor({ timeout: ATTEMPT });
  });
  return line;
}

/** Points at a word of a line until a hover says `text`. A lens that arrives closes the hover that is open. */
export async function hover(page: Page, line: Locator, word: string, text: RegExp): Promise<void> {
  const shown = page.locator('.monaco-hover-content', { hasText: text }).filter({ visible: true }).first();
  await insist(page, `a hover on ${word}`, async () => {
    const box = await line.getByText(word).first().boundingBox({ timeout: ATTEMPT });
    if (box === null) throw new Error(`${word} is not on the screen`);
    await page.mouse.move(box.x + 20, box.y + 150);
    await page.mouse.move(box.x + 20, box.y + box.height / 2, { steps: 8 });
    await shown.waitFor({ timeout: ATTEMPT });
  });
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

/** The trace panel, when it shows calls. */
export async function tracePanel(page: Page): Promise<Frame> {
  return webviewFrame(page, '[role=tree] [role=treeitem]');
}

/**
 * Waits until a text is, or is no longer, in a panel; the panel is found anew each time, since a reload replaces its frame.
 * The page's policy forbids evaluating a condition inside it.
 */
export async function panelShows(page: Page, selector: string, text: string, wanted: boolean): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    const frame = await webviewFrame(page, selector);
    const shown = await frame.textContent('body').catch(() => null);
    if (shown !== null && shown.includes(text) === wanted) return;
    await page.waitForTimeout(20);
  }
  throw new Error(`the panel ${wanted ? 'does not show' : 'still shows'} ${text}`);
}

/** Waits for a lens on the lines that are shown; others exist hidden. */
export async function lens(page: Page, text: RegExp): Promise<Locator> {
  const link = page.locator('.codelens-decoration a', { hasText: text }).filter({ visible: true }).first();
  await link.waitFor({ timeout: PATIENCE });
  return link;
}

/** Text of the first notification that contains `text`. */
export async function notification(page: Page, text: RegExp): Promise<string> {
  const toast = page.locator('.notification-list-item', { hasText: text }).first();
  await toast.waitFor({ timeout: PATIENCE });
  return (await toast.textContent()) ?? '';
}
