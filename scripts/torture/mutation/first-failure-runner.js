import TestRunner from 'jest-runner';

/** The quickest file first, and no further one once a test has failed: Stryker has no such way of its own with Jest. */
export default class FirstFailureRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    let hasFailed = false;
    const stopListening = this.on('test-file-success', ([, { numFailingTests }]) => {
      hasFailed ||= numFailingTests > 0;
    });
    const quickestFirst = tests.toSorted((one, other) => costOf(one) - costOf(other));
    for (const test of quickestFirst) {
      if (!hasFailed) await super.runTests([test], watcher, options);
    }
    stopListening();
  }
}

/** How long the file took the last time. */
const costOf = ({ duration = 0 }) => duration;
