// The rooms table of src/ARCHITECTURE.md for dependency-cruiser: what each room may import. Rooms that are not listed may import nothing.

const core = (...names) => names.map((name) => `core/${name}`);

/** Room -> rooms it may import beside `base` and itself; the same table as in src/ARCHITECTURE.md, which a test compares. */
const rooms = {
  base: [],
  'core/source': [],
  'core/syntax': core('source'),
  'core/preprocessor': core('source'),
  'core/ctype': [],
  'core/unit': core('preprocessor', 'ctype'),
  'core/machine': core('ctype'),
  'core/lower': core('ctype', 'unit', 'machine'),
  'core/program': core('source', 'preprocessor', 'ctype', 'unit', 'lower', 'machine'),
  'core/symbols': core('source', 'syntax'),
  'core/callgraph': core('source', 'syntax', 'symbols'),
  'core/contracts': core('source', 'syntax', 'symbols', 'callgraph'),
  'core/scenario': [],
  'core/kernel': core('ctype', 'machine', 'program', 'scenario'),
  'core/trace': core('ctype', 'machine', 'program'),
  'core/verdict': core('scenario', 'trace'),
  'core/session': ['core'],
  protocol: core('session', 'trace', 'symbols', 'callgraph', 'contracts'),
  node: ['core', 'protocol'],
  cli: [...core('session', 'trace', 'symbols', 'callgraph', 'contracts'), 'node'],
  host: [...core('session', 'trace', 'callgraph', 'contracts'), 'protocol'],
  webview: ['protocol'],
  build: core('scenario'),
  dev: ['build', 'core', 'node', 'cli'],
};

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, below]) => ({
      name: `floor of ${room}`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: ['base', room, ...below].map((allowed) => `^src/${allowed}/`) },
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
