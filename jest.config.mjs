// ESM throughout: tests import the TypeScript sources as they are; swc only strips the types.
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
};

export default {
  // For a machine with other work: what must be quick is measured by the test itself.
  testTimeout: 120_000,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    { ...shared, displayName: 'https', testMatch: ['<rootDir>/test/https/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
    },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
    { ...shared, displayName: 'pipelines', testMatch: ['<rootDir>/test/pipelines/**/*.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/e2e/**/*.test.ts'] },
  ],
  collectCoverageFrom: ['src/{engine,policies,admission}/**/*.ts'],
  coverageReporters: ['text-summary', 'lcov'],
  // Each folder by itself, and each file that is in none of them.
  coverageThreshold: Object.fromEntries(
    ['global', './src/engine/', './src/policies/', './src/admission/'].map((where) => [
      where,
      { lines: 95, branches: 95 },
    ]),
  ),
};
