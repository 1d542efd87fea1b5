// Facts about the host itself, so that a suite that runs elsewhere than it says is noticed; and about the workspace after all suites.
import { deepStrictEqual, strictEqual } from 'node:assert';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { extensions, workspace } from 'vscode';
import { fileOf } from './support.ts';

/** Every file of the workspace with its size and its time of change. */
function filesOfWorkspace(): readonly string[] {
  const root = fileOf('.').fsPath;
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const { size, mtimeMs } = statSync(join(root, path));
      return `${path} ${size} ${mtimeMs}`;
    });
}

let atStart: readonly string[] = [];

// Outside every suite: before the first one, after the last one.
before(() => {
  atStart = filesOfWorkspace();
});
after('nothing was written into the workspace', () => {
  deepStrictEqual(filesOfWorkspace(), atStart);
});

describe('host', () => {
  it('has the extension under test', () => {
    strictEqual(extensions.getExtension('daxtrace.daxtrace')?.id, 'daxtrace.daxtrace');
  });

  it('trusts the workspace exactly when the runner says so', () => {
    strictEqual(workspace.isTrusted, process.env['DAXTRACE_TEST_RESTRICTED'] !== '1');
  });
});
