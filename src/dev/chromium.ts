// The browser for the server host: Debian's Chromium, driven by playwright-core.

import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { run } from './process.ts';
import { HostUnavailable } from './server-host.ts';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** CHROMIUM_PATH, an installed one, or the Debian package when we are root. @throws HostUnavailable with what to install */
export async function chromiumPath(): Promise<string> {
  const own = process.env['CHROMIUM_PATH'];
  if (own !== undefined && own !== '') return own;
  const find = (): string | undefined => CANDIDATES.find((path) => existsSync(path));
  const found = find();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0) {
    throw new HostUnavailable('no Chromium: run `sudo apt-get install chromium`, or set CHROMIUM_PATH');
  }
  console.error('installing the Debian package chromium (about a minute)');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { capture: true, env });
  const done = await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { capture: true, env });
  const path = find();
  if (path === undefined) {
    throw new HostUnavailable(`apt-get install chromium failed: ${done.output.trim().split('\n').at(-1)}`);
  }
  return path;
}

/** Starts the browser; the caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--force-color-profile=srgb', '--disable-dev-shm-usage'],
    ],
  });
}
