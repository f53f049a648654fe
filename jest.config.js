/** The package's own name, which plugins import. */
const ownName = { '^postern/(plugin|plugin-testing)$': '<rootDir>/handler/$1.ts' };

/**
 * One project a kind of test: `unit` and `long` need nothing, `contract` tests `handler/gateway.yaml`, `integration` and
 * `timed` need the deployed local stack, and `stack` deploys, changes and removes it, a file at a time in the order of
 * `make test`. `terraform` runs the tests of the modules. What takes seconds by its nature, such as thousands of cases, is
 * in a `.long.test.ts`: `make check` leaves it to `make test`. What measures time on a stack, or counts what a minute had,
 * is in a `.timed.test.ts`: `make test` runs nothing beside it.
 */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
  // Tests use the example contract, whatever handler/gateway.yaml says.
  moduleNameMapper: {
    ...ownName,
    '/generated/(contract\\.js)$': '<rootDir>/handler/generated/example/$1',
  },
  modulePathIgnorePatterns: [
    '<rootDir>/dist',
    '<rootDir>/handler/dist',
    '<rootDir>/.postern',
    '<rootDir>/reports',
  ],
};

/** `handler/gateway.yaml` itself, whatever it says. */
const ofTheContractAtHand = { ...shared, moduleNameMapper: ownName };

const folders = ['handler/compiler', 'handler/src', 'scripts', 'load-test/lib', 'load-test/bench'];
const stackFolder = '<rootDir>/scripts/lab/stack';
const terraformTests = '<rootDir>/scripts/lab/checks/terraform-modules.test.ts';

export default {
  testTimeout: 30_000, // Five seconds, as usual, are too few where other programs have the processor.
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testPathIgnorePatterns: [stackFolder, terraformTests],
      testMatch: folders.map((folder) => `<rootDir>/${folder}/**/!(*.long).test.ts`),
    },
    {
      ...shared,
      displayName: 'long',
      testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.long.test.ts`),
    },
    {
      ...ofTheContractAtHand,
      displayName: 'contract',
      testMatch: ['<rootDir>/handler/contract.test.ts'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/handler/test/**/!(*.timed).test.ts'],
    },
    {
      ...shared,
      displayName: 'timed',
      testMatch: ['<rootDir>/handler/test/**/*.timed.test.ts'],
    },
    { ...shared, displayName: 'terraform', testMatch: [terraformTests] },
    { ...shared, displayName: 'stack', testMatch: [`${stackFolder}/*.test.ts`] },
  ],
  collectCoverageFrom: ['handler/src/**/*.ts', '!handler/src/**/*.test.ts'],
  coverageReporters: ['text-summary', 'json-summary', 'lcov'],
  coverageThreshold: { global: { lines: 95 } },
};
