/**
 * One project a kind of test: `unit` and `long` need nothing, `integration` needs the deployed local stack. What takes
 * seconds by its nature, such as thousands of cases, is in a `.long.test.ts`: `make check` leaves it to `make test`.
 */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
  modulePathIgnorePatterns: ['<rootDir>/handler/dist', '<rootDir>/.postern', '<rootDir>/reports'],
};

const folders = ['handler/src', 'scripts', 'load-test/lib'];

export default {
  testTimeout: 30_000, // Five seconds, as usual, are too few where other programs have the processor.
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: folders.map((folder) => `<rootDir>/${folder}/**/!(*.long).test.ts`),
    },
    {
      ...shared,
      displayName: 'long',
      testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.long.test.ts`),
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
