// The HTML page of a webview: strict policy with a nonce, scripts and styles only from dist/webview.
import { randomBytes } from 'node:crypto';
import { Uri, type ExtensionContext, type Webview, type WebviewOptions } from 'vscode';

const folderOf = (context: ExtensionContext): Uri => Uri.joinPath(context.extensionUri, 'dist', 'webview');

export const pageOptions = (context: ExtensionContext): WebviewOptions => ({
  enableScripts: true,
  localResourceRoots: [folderOf(context)],
});

/** Bundles of dist/webview. */
export type PageName = 'trace' | 'graph' | 'compare';

/** Page of the bundle `name`. */
export function pageOf(context: ExtensionContext, webview: Webview, name: PageName, title: string): string {
  const nonce = randomBytes(16).toString('base64url');
  const at = (file: string): string => webview.asWebviewUri(Uri.joinPath(folderOf(context), file)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at(`${name}.css`)}">
<title>${title}</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${at(`${name}.js`)}"></script>
</body>
</html>`;
}
