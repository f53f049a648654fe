import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { note, step } from '../../stack/command-line/step.ts';
import { conclude, passed, runChecks } from './check.ts';
import { outcomeOf } from './jest-check.ts';
import { programCheck } from './program-check.ts';

const report = {
  numPassedTests: 5,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};
const end = { exitCode: 0, output: 'the output', hasFloor: false };

describe('the outcome of jest', () => {
  it('counts each test, and the coverage floor if there is one', () => {
    expect(outcomeOf(report, end)).toMatchObject({ passed: 5, failed: 0, detail: '' });
    expect(outcomeOf(report, { ...end, hasFloor: true })).toMatchObject({ passed: 6, failed: 0 });
  });

  it('counts failures, and files that cannot be loaded', () => {
    const broken = { ...report, numFailedTests: 2, numRuntimeErrorTestSuites: 1 };
    expect(outcomeOf(broken, { ...end, exitCode: 1 })).toEqual({
      passed: 5,
      failed: 3,
      failures: [],
      detail: 'the output',
    });
  });

  it('names each failed test with the first line of its reason', () => {
    const assertionResults = [
      { fullName: 'a gateway starts', failureMessages: [] },
      { fullName: 'a gateway responds', failureMessages: ['\u001B[31mError: no\u001B[39m\n  at'] },
    ];
    const testResults = [{ name: 'a.test.ts', message: '● responds\n\n  no', assertionResults }];
    const broken = { ...report, numFailedTests: 1, testResults };
    expect(outcomeOf(broken, { ...end, exitCode: 1 })).toMatchObject({
      failures: ['a gateway responds: Error: no'],
    });
  });

  it('names each file that fails outside of its tests, also beside failed tests', () => {
    const notRun =
      '  ● Test suite failed to run\n\n    \u001B[31mCannot find module\u001B[39m\n\n  at';
    const failed = { fullName: 'a gateway responds', failureMessages: ['Error: no\n  at'] };
    const testResults = [
      { name: join(projectFolder, 'load.test.ts'), message: notRun, assertionResults: [] },
      {
        name: join(projectFolder, 'hook.test.ts'),
        message: `  ● a gateway responds\n\n    no\n\n${notRun}`,
        assertionResults: [failed],
      },
    ];
    const broken = { ...report, numFailedTests: 1, numRuntimeErrorTestSuites: 2, testResults };
    expect(outcomeOf(broken, { ...end, exitCode: 1 })).toMatchObject({
      failed: 3,
      failures: [
        'load.test.ts: Cannot find module',
        'a gateway responds: Error: no',
        'hook.test.ts: Cannot find module',
      ],
    });
  });

  it('fails if the coverage is below its floor', () => {
    const outcome = outcomeOf(report, { ...end, exitCode: 1, hasFloor: true });
    expect(outcome).toMatchObject({ passed: 5, failed: 1 });
  });

  it('fails if Jest writes no report', () => {
    expect(outcomeOf(undefined, { ...end, exitCode: 1 })).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('runChecks', () => {
  it('sums all up, and counts a check that throws or runs no test as failed', async () => {
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => {});
    const totals = await runChecks(
      [
        { name: 'five', run: async () => ({ passed: 5, failed: 1, detail: '' }) },
        { name: 'thrown', run: () => Promise.reject(new Error('no')) },
        { name: 'empty', run: async () => ({ passed: 0, failed: 0, detail: '' }) },
        programCheck('true', 'true', []),
        programCheck('false', 'false', []),
        programCheck('missing', 'no-such-program', []),
      ],
      2,
    );
    quiet.mockRestore();
    expect(totals).toEqual({
      passed: 6,
      failed: 5,
      failures: expect.arrayContaining(['five', 'thrown', 'empty', 'false', 'missing']),
    });
  });

  it('runs the checks of a list one after another', async () => {
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => {});
    const order: string[] = [];
    const check = (name: string) => ({
      name,
      run: async () => {
        order.push(`${name} begins`);
        await new Promise(setImmediate);
        order.push(`${name} ends`);
        return passed;
      },
    });
    await runChecks([[check('a'), check('b')]], 2);
    quiet.mockRestore();
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('reports a check, without the steps of a command that it runs', async () => {
    const told: string[] = [];
    const keep = (text: unknown): boolean => told.push(String(text)) > 0;
    const spies = [
      jest.spyOn(console, 'error').mockImplementation(keep),
      jest.spyOn(process.stderr, 'write').mockImplementation(keep),
    ];
    const release = async (): Promise<typeof passed> => {
      await step('direct check', async () => note('of five routes'));
      return passed;
    };
    await runChecks([{ name: 'a release', run: release }], 1);
    await release();
    spies.forEach((spy) => spy.mockRestore());
    expect(told).toEqual([
      expect.stringContaining('✓ a release'),
      '    of five routes\n',
      expect.stringContaining('✓ direct check'),
    ]);
  });
});

describe('conclude', () => {
  it.each([
    [{ passed: 3, failed: 0, failures: [] }, 0],
    [{ passed: 3, failed: 1, failures: ['lint'] }, 1],
    [{ passed: 0, failed: 0, failures: [] }, 1],
  ])('ends %j with exit code %i', (totals, exitCode) => {
    const line = jest.spyOn(console, 'log').mockImplementation(() => {});
    const named = jest.spyOn(console, 'error').mockImplementation(() => {});
    expect(conclude(totals)).toBe(exitCode);
    expect(named.mock.calls).toEqual(totals.failures.map((failure) => [`  ✗ ${failure}`]));
    named.mockRestore();
    expect(line).toHaveBeenLastCalledWith(`${totals.passed} passed, ${totals.failed} failed`);
    line.mockRestore();
  });
});
