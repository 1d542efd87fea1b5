// The bundles that ship: extension host, worker, command line, webviews; esbuild only, types are checked elsewhere.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { z } from 'zod';
import { scenarioSchema } from '../core/scenario/schema.ts';

const require = createRequire(import.meta.url);

export interface BundleRequest {
  /** Root of the checkout. */
  readonly root: string;
  /** Keep names and lines readable. */
  readonly development: boolean;
}

/** Writes dist/ and copies the wasm grammar into grammars/. Rejects with esbuild's own message on an error. */
export async function bundle({ root, development }: BundleRequest): Promise<void> {
  const common: BuildOptions = {
    absWorkingDir: root,
    bundle: true,
    minify: !development,
    sourcemap: development ? 'linked' : false,
    legalComments: 'none',
    logLevel: 'warning',
    // Guarded where it is used: a CommonJS bundle has __dirname instead.
    logOverride: { 'empty-import-meta': 'silent' },
  };
  const node: BuildOptions = {
    ...common,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    // Its ESM build reads import.meta.url, which a CommonJS bundle does not have.
    alias: { 'web-tree-sitter': join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.cjs') },
  };
  const web: BuildOptions = {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    tsconfig: join(root, 'src/webview/tsconfig.json'),
    loader: { '.ttf': 'file' },
  };
  await Promise.all([
    build({ ...node, entryPoints: ['src/host/extension.ts'], outfile: 'dist/extension.cjs' }),
    build({ ...node, entryPoints: ['src/node/engine-worker.ts'], outfile: 'dist/worker.cjs' }),
    build({
      ...node,
      entryPoints: ['src/cli/main.ts'],
      outfile: 'dist/cli.cjs',
      banner: { js: '#!/usr/bin/env node' },
    }),
    build({ ...web, entryPoints: ['src/webview/trace/main.tsx'], outfile: 'dist/webview/trace.js' }),
    build({ ...web, entryPoints: ['src/webview/graph/main.tsx'], outfile: 'dist/webview/graph.js' }),
    build({ ...web, entryPoints: ['src/webview/compare/main.tsx'], outfile: 'dist/webview/compare.js' }),
    copyGrammars(root),
    writeSchema(root),
    writeTexts(root),
  ]);
}

async function copyGrammars(root: string): Promise<void> {
  const target = join(root, 'grammars');
  await mkdir(target, { recursive: true });
  const runtime = dirname(require.resolve('web-tree-sitter'));
  const grammar = dirname(require.resolve('tree-sitter-c/package.json'));
  await copyFile(join(runtime, 'web-tree-sitter.wasm'), join(target, 'web-tree-sitter.wasm'));
  await copyFile(join(grammar, 'tree-sitter-c.wasm'), join(target, 'tree-sitter-c.wasm'));
}

/** The editor checks *.daxtrace.json against the same schema as the engine. */
async function writeSchema(root: string): Promise<void> {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' });
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(join(root, 'dist/scenario.schema.json'), JSON.stringify(schema));
}

/** The English texts of the host, in the form that vscode.l10n translates from. */
async function writeTexts(root: string): Promise<void> {
  const source = await readFile(join(root, 'src/host/messages.ts'), 'utf8');
  const texts = [...source.matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)].map((match) => (match[1] ?? '').replaceAll("\\'", "'"));
  await mkdir(join(root, 'dist'), { recursive: true });
  await writeFile(join(root, 'dist/bundle.l10n.json'), JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2));
}
