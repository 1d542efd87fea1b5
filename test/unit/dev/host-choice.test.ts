import { describe, expect, it } from 'vitest';
import { decideHost, programBehind, type Surroundings } from '../../../src/dev/host-choice.ts';

const linux: Surroundings = {
  platform: 'linux',
  env: { DISPLAY: ':0' },
  launcher: undefined,
  exists: () => false,
  canDownload: () => Promise.resolve(false),
  versions: ['1.101.0', 'stable'],
};
const have =
  (...paths: readonly string[]) =>
  (path: string): boolean =>
    paths.includes(path);

describe('choice of the host', () => {
  it('without any VS Code is the server', async () => {
    expect(await decideHost(linux)).toEqual({ kind: 'server', why: 'there is no `code` on the PATH and VSCODE_PATH is not set' });
  });

  it('is the desktop program behind `code`', async () => {
    const choice = await decideHost({ ...linux, launcher: '/usr/share/code/bin/code', exists: have('/usr/share/code/code') });
    expect(choice).toMatchObject({ kind: 'desktop', executable: '/usr/share/code/code' });
  });

  it('without a display is the server, and says so', async () => {
    const desktop = { ...linux, env: {}, launcher: '/usr/share/code/bin/code', exists: have('/usr/share/code/code') };
    const choice = await decideHost(desktop);
    expect(choice.kind).toBe('server');
    expect(choice.why).toMatch(/no display/);
    expect((await decideHost({ ...desktop, env: { WAYLAND_DISPLAY: 'wayland-0' } })).kind).toBe('desktop');
    const mac = { ...desktop, platform: 'darwin' as const };
    expect((await decideHost(mac)).kind).toBe('desktop');
  });

  it('follows VSCODE_PATH before `code`, a program or a launcher', async () => {
    const exists = have('/opt/code', '/usr/share/code/code', '/opt/x/bin/code', '/opt/x/code');
    const with_ = (path: string): Surroundings => ({
      ...linux,
      env: { ...linux.env, VSCODE_PATH: path },
      launcher: '/usr/share/code/bin/code',
      exists,
    });
    expect(await decideHost(with_('/opt/code'))).toMatchObject({ executable: '/opt/code' });
    expect(await decideHost(with_('/opt/x/bin/code'))).toMatchObject({ executable: '/opt/x/code' });
    expect(await decideHost(with_('/nowhere'))).toEqual({ kind: 'server', why: 'VSCODE_PATH names /nowhere, which does not exist' });
    expect(await decideHost(with_(''))).toMatchObject({ executable: '/usr/share/code/code' });
  });

  it('downloads the oldest and the newest VS Code where that is possible and can be seen', async () => {
    const online = { ...linux, canDownload: () => Promise.resolve(true) };
    expect(await decideHost(online)).toMatchObject({ kind: 'download', versions: ['1.101.0', 'stable'] });
    expect((await decideHost({ ...online, env: {} })).kind).toBe('server');
    expect((await decideHost({ ...online, versions: [] })).kind).toBe('server');
  });
});

describe('the program behind a launcher', () => {
  it('lies elsewhere on each system', () => {
    const mac = '/Applications/Visual Studio Code.app/Contents';
    expect(programBehind(`${mac}/Resources/app/bin/code`, 'darwin', have(`${mac}/MacOS/Electron`))).toBe(`${mac}/MacOS/Electron`);
    expect(programBehind('C:\\VS Code\\bin\\code.cmd', 'win32', have('C:\\VS Code\\Code.exe'))).toBe('C:\\VS Code\\Code.exe');
    const snap = '/snap/code/current/usr/share/code/code';
    expect(programBehind('/usr/bin/snap', 'linux', have(snap))).toBe(snap);
  });

  it('of a remote terminal is none', () => {
    const remote = '/data/u/.vscode-server/bin/abc/bin/remote-cli/code';
    expect(programBehind(remote, 'linux', () => true)).toBeUndefined();
  });

  it('never is the launcher itself, which would return at once', () => {
    expect(programBehind('/usr/share/code/bin/code', 'linux', have('/usr/share/code/bin/code'))).toBeUndefined();
  });
});
