import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dependencies, readFaultTable } from '../testing/faults/fault-table.ts';
import { faultNames } from '../testing/faults/faulty-server.ts';
import {
  type BreakerRun,
  breakerRun,
  fullFailures,
  maxRetries,
  retriesDuring,
} from '../testing/faults/full-failure.ts';
import { responsesWithLogFault, logFaults } from '../testing/faults/log-output.ts';
import { runCell } from '../testing/faults/run-cell.ts';
import { runMatrix } from '../testing/faults/run-matrix.ts';
import { casesOf, report } from '../testing/effort.ts';
import { captureOutput, type CapturedOutput } from '../testing/captured-output.ts';
import { httpPolicies } from '../testing/upstream-policy.ts';
import { contract } from '../generated/example/contract.js';
import { start } from './index.ts';

const rows = readFaultTable();

/** An open connection does not notice a new name or certificate. */
const metByNewConnectionsOnly: readonly string[] = ['unknown name', 'bad certificate'];

const policy = httpPolicies(contract).find(({ name }) => name === 'users')?.breaker;
const restMs = (policy?.openSeconds ?? 0) * 1_000;

let output: CapturedOutput;
let breaker: Promise<BreakerRun>;

beforeAll(() => {
  output = captureOutput();
  breaker = breakerRun(start, restMs); // Ten seconds of pause, while the other tests run.
  breaker.catch(() => undefined);
});
afterAll(() => output.giveBack());

describe('docs/failures.md', () => {
  it('has a line for each dependency and fault', () => {
    const listed = rows.map(({ cell }) => `${cell.dependency}, ${cell.fault}, ${cell.method}`);
    const due = dependencies.flatMap((dependency) =>
      faultNames
        .filter((fault) => fault !== 'none')
        .filter(
          (fault) =>
            dependency !== 'secret, read before' || !metByNewConnectionsOnly.includes(fault),
        )
        .flatMap((fault) => [`${dependency}, ${fault}, GET`, `${dependency}, ${fault}, POST`]),
    );
    expect(listed.toSorted()).toEqual(due.toSorted());
  });

  it('matches the real handler, in each cell and within each deadline', async () => {
    let longestAfterDeadlineMs = 0;
    const rounds = casesOf(1, 20);
    for (let round = 0; round < rounds; round += 1) {
      const judged = await runMatrix(rows, start);
      expect(judged.map(({ wrong }) => wrong).filter(Boolean)).toEqual([]);
      expect(judged).toHaveLength(rows.length);
      const latest = Math.max(...judged.map(({ observed }) => observed.lateMs));
      longestAfterDeadlineMs = Math.max(longestAfterDeadlineMs, Math.round(latest));
    }
    report(rounds * rows.length, { longestAfterDeadlineMs });
  }, 3_600_000);

  it('fails for a handler that behaves differently', async () => {
    const lying = rows
      .slice(0, 2)
      .map((row) => ({ ...row, expected: { ...row.expected, response: '200' } }));
    const judged = await runMatrix(lying, start);
    expect(judged.map(({ wrong }) => wrong)).toEqual([
      expect.stringContaining('not "200"'),
      expect.stringContaining('not "200"'),
    ]);
  }, 300_000);
});

describe('a secret that can no longer be read', () => {
  it('is logged although requests succeed', async () => {
    const cell = { dependency: 'secret, read before', fault: 'reset', method: 'GET' } as const;
    output.take();
    const { response } = await runCell(cell, start, () => []);
    expect(response).toBe('200');
    const lines = output.take();
    expect(lines.filter((line) => line.includes('the signing keys cannot be read'))).toHaveLength(
      1,
    );
  }, 300_000);
});

describe('a log output that fails', () => {
  it('changes no response', async () => {
    const responses = await Promise.all(logFaults.map(responsesWithLogFault));
    const [healthy] = responses;
    expect(healthy).toMatchObject({ statuses: { 'GET 200': 200, 'POST 200': 200 } });
    for (const other of responses) expect(other).toEqual(healthy);
  }, 300_000);
});

describe('while all requests fail', () => {
  it.each(fullFailures)(
    'no more is retried than the first request: $dependency, warm: $isWarm',
    async ({ dependency, isWarm }) => {
      const requests = casesOf(50, 1_000);
      const retries = await retriesDuring({ dependency, isWarm }, start, requests);
      expect(retries[0]).toBe(maxRetries(dependency)); // The first is still retried.
      expect(Math.max(...retries)).toBe(maxRetries(dependency));
    },
    300_000,
  );

  it('a breaker passes as many requests as its threshold, then one probe, and closes when the probe succeeds', async () => {
    const run = await breaker;
    expect(run).toMatchObject({
      letThrough: policy?.failures,
      whileOpen: ['503 Retry-After'],
      probes: 1,
      servedByProbe: 1,
      afterwards: '200',
    });
    // One pause, and one second for the response to the probe: a second pause would take longer.
    expect(run.recoveredAfterMs).toBeLessThan(2 * restMs);
  }, 300_000);
});
