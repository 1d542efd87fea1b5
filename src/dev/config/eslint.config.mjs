// Lint: the strictest type-aware presets minus what fights this code base, plus own rules. A rule switched off carries its reason.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';
import { noRawUnitArithmetic } from '../rules/no-raw-unit-arithmetic.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', '**/*.mjs', '**/*.cjs', 'media/**', 'test/results/**'] },
  {
    files: ['src/**/*.{ts,tsx}', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { units: { rules: { 'no-raw-arithmetic': noRawUnitArithmetic } } },
    languageOptions: {
      parserOptions: {
        project: [join(root, 'tsconfig.json'), join(root, 'src/webview/tsconfig.json')],
        tsconfigRootDir: root,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'units/no-raw-arithmetic': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'no default exports' },
        { selector: 'ExportAllDeclaration', message: 'no barrels' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Numbers and bigints in messages are wanted here; objects stay an error.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `noUncheckedIndexedAccess` types table lookups as possibly undefined; in interpreter loops the index is known to be inside.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Null objects (`silentProbe`) are part of the style.
      '@typescript-eslint/no-empty-function': 'off',
      // An exhaustive switch with assertNever looks unnecessary to it.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/prefer-literal-enum-member': 'off',
    },
  },
  {
    // A table of patterns, longer since it is formatted.
    files: ['test/tools/make-execute.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    // Tests work out what they expect by hand: with the functions under test they would prove nothing.
    files: ['src/base/units.ts', 'test/**/*.ts'],
    rules: { 'units/no-raw-arithmetic': 'off' },
  },
  {
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
