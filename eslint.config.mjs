import js from '@eslint/js';
import imports from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

// The rings: what a folder below src/ may import. Policies and the engine stay pure.
const ring = (target, except) => ({ target: `./src/${target}`, from: './src', except });
const pure = ['./engine', './kubernetes', './rbac', './detect'];

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'node_modules', 'certs'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.mjs'] } },
    },
    plugins: { 'import-x': imports },
    rules: {
      complexity: ['error', 15],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [
            ring('detect', ['./detect']),
            ring('engine', pure),
            ring('kubernetes', pure),
            ring('rbac', pure),
            ring('policies', [...pure, './policies']),
            ring('yaml', ['./yaml', './engine']),
            ring('scan', [...pure, './yaml', './scan']),
            ring('fix', [...pure, './yaml', './scan', './fix']),
            ring('report', ['./engine', './scan', './report']),
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // No clock, environment, I/O or logger where verdicts are made: facts come in as arguments.
    files: ['src/{engine,policies,rbac,kubernetes,detect,fix}/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'console', 'setTimeout', 'fetch'],
      'no-restricted-imports': [
        'error',
        { patterns: ['node:fs*', 'node:http*', 'node:net', 'pino', 'fastify'] },
      ],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now' }],
    },
  },
  {
    // A cast could make a SafeText out of a value, so policies have none.
    files: ['src/policies/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
    },
  },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts', 'e2e/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'import-x/no-default-export': 'off' },
  },
);
