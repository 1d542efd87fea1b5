// Facts about the host itself, so that a suite that runs elsewhere than it says is noticed.
import { strictEqual } from 'node:assert';
import { extensions, workspace } from 'vscode';

describe('host', () => {
  it('has the extension under test', () => {
    strictEqual(extensions.getExtension('daxtrace.daxtrace')?.id, 'daxtrace.daxtrace');
  });

  it('trusts the workspace exactly when the runner says so', () => {
    strictEqual(workspace.isTrusted, process.env['DAXTRACE_TEST_RESTRICTED'] !== '1');
  });
});
