import { join } from 'node:path';
import jestConfig from './jest.config.js';
import { leastPercent, mutationGroups } from './scripts/lab/torture/mutation/groups.ts';

const name = process.env.MUTATE ?? 'token';
const group = mutationGroups[name];
const [unit] = jestConfig.projects;
const ownFolder = join(import.meta.dirname, 'scripts/lab/torture/mutation');

export default {
  mutate: [...group.mutate.map((files) => `handler/src/${files}`), '!**/*.test.ts'],
  testRunner: 'jest',
  // V8's compilation cache would hold every module of every run, and make each run slower than the one before.
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-compilation-cache', '--no-warnings'],
  jest: {
    projectType: 'custom',
    config: {
      ...unit,
      displayName: undefined,
      projects: [], // Those of jest.config.js, which Stryker merges in, would each run every test.
      testMatch: group.tests.map((files) => `<rootDir>/handler/src/${files}`),
      testEnvironment: join(ownFolder, 'first-failure-environment.js'),
      runner: join(ownFolder, 'first-failure-runner.js'),
    },
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  timeoutMS: 3_000,
  thresholds: { high: 100, low: leastPercent, break: leastPercent },
  tempDirName: '.postern/stryker',
  ignorePatterns: ['.postern', 'reports', 'coverage', 'terraform', 'load-test', 'handler/dist'],
  reporters: ['json', 'clear-text'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: `reports/mutation/${name}.json` },
  allowConsoleColors: false,
  disableTypeChecks: false,
};
