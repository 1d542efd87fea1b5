// "Inject from Log…" with every form of log, and with pastes that say nothing.
import assert from 'node:assert/strict';
import { commands, workspace } from 'vscode';
import type { InjectAnswer } from '../../../src/host/inject-from-log.ts';
import { closeUntitled, services, untitled } from './support.ts';

const preset = 'reflinked-pair';
/** Frame that A's file page 5 lies in; pmem0 of the preset begins at 0x40000000. */
const frame = '0x4001d';

const inject = (log: string): Thenable<InjectAnswer | undefined> => commands.executeCommand('daxtrace.injectFromLog', { log, preset });

const badblocks = JSON.stringify([
  { dev: 'namespace0.0', mode: 'fsdax', blockdev: 'pmem0', badblock_count: 8, badblocks: [{ offset: 232, length: 8, dimms: ['nmem0'] }] },
]);

const logs: Readonly<Record<string, string>> = {
  'a machine check': '[   12.3] mce: [Hardware Error]: TSC 0 ADDR 4001d040 MISC 86 ',
  'memory_failure() itself': 'Memory failure: 0x4001d: recovery action for dax page: Recovered',
  'a firmware record':
    '{1}[Hardware Error]: section_type: memory error\n{1}[Hardware Error]: physical_address: 0x000000004001d100\n{1}[Hardware Error]: physical_address_mask: 0xffffffffffffff00',
  'badblocks of ndctl': badblocks,
  'badblocks of sysfs': '232 8',
};

describe('inject from log', () => {
  afterEach(closeUntitled);

  for (const [what, log] of Object.entries(logs)) {
    it(`${what} becomes an untitled scenario, which is traced`, async () => {
      const { runner } = await services();
      const answer = await inject(log);
      assert.equal(answer?.kind, 'filled', JSON.stringify(answer));
      const document = await untitled((text) => text === answer.text);
      assert.equal(document.languageId, 'json');
      assert.equal(runner.status.kind, 'idle', JSON.stringify(runner.status));
      const [injection] = runner.last?.result.injections ?? [];
      const call = injection?.calls.find(({ function: name }) => name === 'memory_failure');
      assert.equal(call?.args['pfn'], frame);
      assert.ok((injection?.signals.length ?? 0) > 0, 'nobody was signalled');
    });
  }

  const refused: Readonly<Record<string, readonly [string, RegExp]>> = {
    'text that is no log': ['hello\nworld', /line 1.*hello/],
    'a broken address': ['usb 1-1: new device\nmce: [Hardware Error]: TSC 0 ADDR 40zz', /line 2.*ADDR/],
    'an address that no device owns': ['Memory failure: 0x1: recovery action', /line 1.*0x1000.*pmem0/],
    'badblocks of another device': [badblocks.replace('pmem0', 'pmem7'), /line 1.*pmem7.*pmem0/],
  };
  for (const [what, [log, message]] of Object.entries(refused)) {
    it(`${what} is refused with its line, and nothing is opened`, async () => {
      const { runner } = await services();
      const before = [runner.last, workspace.textDocuments.length];
      const answer = await inject(log);
      assert.equal(answer?.kind, 'refused', JSON.stringify(answer));
      assert.match(answer.message, message);
      assert.deepEqual([runner.last, workspace.textDocuments.length], before);
    });
  }
});
