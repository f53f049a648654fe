import jestConfig from './jest.config.js';

/**
 * The code that decides who is let in, how often, and what goes on to a service, with the tests beside it: those of the
 * whole pipeline would find more, at ten times the cost a mutant.
 */
const groups = {
  token: { mutate: ['sessions/*.ts'], tests: ['sessions/!(*.long).test.ts'] },
  limiter: { mutate: ['rate-limits/*.ts'], tests: ['rate-limits/!(*.long).test.ts'] },
  header: {
    mutate: ['http/{forwarded-headers,hop-by-hop,response-to-result,trace-context}.ts'],
    tests: ['http/*.test.ts'],
  },
  path: {
    mutate: ['http/{event-to-request,upstream-path}.ts', 'contract/match.ts'],
    tests: ['http/{event-to-request,upstream-path}.test.ts', 'contract/match.test.ts'],
  },
  breaker: {
    mutate: ['http/retry-budget.ts', 'upstreams/{attempt,circuit-breaker,retry}.ts'],
    tests: ['http/retry-budget.test.ts', 'upstreams/{circuit-breaker,retry}.test.ts'],
  },
};

const name = process.env.MUTATE ?? 'token';
const group = groups[name];
const [unit] = jestConfig.projects;

export default {
  mutate: [...group.mutate.map((files) => `handler/src/${files}`), '!**/*.test.ts'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: {
    projectType: 'custom',
    config: {
      ...unit,
      displayName: undefined,
      testMatch: group.tests.map((files) => `<rootDir>/handler/src/${files}`),
    },
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  tempDirName: '.postern/stryker',
  ignorePatterns: ['.postern', 'reports', 'coverage', 'terraform', 'load-test', 'handler/dist'],
  reporters: ['json', 'clear-text'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: `reports/mutation/${name}.json` },
  allowConsoleColors: false,
  disableTypeChecks: false,
};
