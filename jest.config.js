/** One project a kind of test: `unit` needs nothing, `integration` needs the deployed local stack. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
  modulePathIgnorePatterns: ['<rootDir>/handler/dist', '<rootDir>/.postern', '<rootDir>/reports'],
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['handler/src', 'scripts', 'load-test/lib'].map(
        (folder) => `<rootDir>/${folder}/**/*.test.ts`,
      ),
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/handler/test/**/*.test.ts'],
    },
  ],
  collectCoverageFrom: ['handler/src/**/*.ts', '!handler/src/**/*.test.ts'],
  coverageReporters: ['text-summary', 'json-summary', 'lcov'],
  coverageThreshold: { global: { lines: 95 } },
};
