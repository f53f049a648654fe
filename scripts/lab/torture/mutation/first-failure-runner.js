import TestRunner from 'jest-runner';

/** The tests of each file, by its path, as found in its first run in this process. */
const namesByFile = new Map();

/**
 * Loads only files with a test that Stryker requests, the fastest first, and stops after a failed test. Stryker's Jest
 * runner cannot do this, and loading a file takes longer than most tests.
 */
export default class FirstFailureRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    let hasFailed = false;
    const stopListening = this.on('test-file-success', ([, result]) => {
      const { testFilePath, testResults, testExecError, numFailingTests } = result;
      const names = testResults.map(({ fullName }) => fullName);
      if (!testExecError) namesByFile.set(testFilePath, names);
      hasFailed ||= Boolean(testExecError) || numFailingTests > 0;
    });
    const wanted = new RegExp(this._globalConfig.testNamePattern ?? '', 'i');
    const mayHaveOne = ({ path }) =>
      namesByFile.get(path)?.some((name) => wanted.test(name)) ?? true;
    for (const test of tests.filter(mayHaveOne).toSorted(byCost)) {
      if (!hasFailed) await super.runTests([test], watcher, options);
    }
    stopListening();
  }
}

/** By how long each took the last time. */
const byCost = (one, other) => (one.duration ?? 0) - (other.duration ?? 0);
