// The rooms table of src/ARCHITECTURE.md for dependency-cruiser: what each room may import. Rooms that are not listed may import nothing.

/** Room -> rooms below it. Room names are folders of src/. */
const core = (name) => `core/${name}`;
const front = ['base', core('source'), core('preprocessor'), core('ctype')];
const program = [...front, core('unit'), core('lower'), core('machine'), core('program')];
const symbols = ['base', core('source'), core('syntax'), core('symbols')];
const kernel = [...program, core('kernel'), core('scenario'), core('trace')];

const rooms = {
  base: [],
  [core('source')]: ['base'],
  [core('syntax')]: ['base', core('source')],
  [core('preprocessor')]: ['base', core('source')],
  [core('ctype')]: ['base'],
  [core('unit')]: front,
  [core('lower')]: ['base', core('ctype'), core('unit'), core('machine')],
  [core('machine')]: ['base', core('ctype')],
  [core('program')]: program,
  [core('symbols')]: symbols,
  [core('callgraph')]: symbols,
  [core('contracts')]: [...symbols, core('callgraph')],
  [core('kernel')]: kernel,
  [core('scenario')]: ['base', core('kernel')],
  [core('trace')]: kernel,
  [core('verdict')]: [...kernel, core('verdict')],
  [core('session')]: ['base', 'core'],
  node: ['base', 'core', 'protocol'],
  cli: ['base', core('session'), core('scenario'), core('trace'), core('symbols'), core('callgraph'), core('contracts'), 'node'],
  protocol: ['base', core('session'), core('trace'), core('scenario'), core('symbols'), core('callgraph'), core('contracts')],
  host: [
    'base',
    'protocol',
    core('session'),
    core('trace'),
    core('scenario'),
    core('symbols'),
    core('callgraph'),
    core('contracts'),
    'node',
  ],
  webview: ['protocol', 'base', core('trace'), core('callgraph')],
  build: [core('scenario'), 'base'],
  dev: ['build', 'base', 'core', 'node', 'cli'],
};

/** Imports that point up today; the list may only shrink. */
const debt = ['^src/protocol/graph-view\\.ts$'];

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, below]) => ({
      name: `floor of ${room}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [...[room, ...below].map((allowed) => `^src/${allowed}/`), ...(room === core('session') ? debt : [])] },
    })),
    {
      name: 'vscode only in host',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/host/' },
      to: { path: '(^|/)vscode($|/)' },
    },
    {
      name: 'core knows no Node',
      severity: 'error',
      from: { path: '^src/(base|core|protocol|webview)/' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out)/' },
  },
};
