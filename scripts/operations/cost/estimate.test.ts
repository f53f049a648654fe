import { describe, expect, it } from '@jest/globals';
import { readAssumptions } from './assumptions.ts';
import { describeCost, estimateCost } from './describe-cost.ts';
import perRequest from './per-request.json' with { type: 'json' };
import {
  billedMs,
  logBytesOf,
  estimateIdle,
  estimateRequests,
  secretReadsOf,
  totalOf,
} from './estimate.ts';
import type { StackSettings } from './stack-settings.ts';

const dev: StackSettings = {
  memoryMb: 256,
  architecture: 'arm64',
  provisionedConcurrency: 0,
  hasApiAccessLog: false,
  hasPlatformLines: false,
  logSampleRate: 1,
  logRetentionDays: 14,
  isTraced: false,
  hasOwnKey: true,
  retainsKey: false,
  hasPointInTimeRecovery: true,
  hasDashboard: true,
  alarms: 'essential',
};
const usual = readAssumptions({});
const { cpuMs } = perRequest;

describe('the cost', () => {
  it('of reading the keys counts each start, and each five minutes of an environment', () => {
    expect(secretReadsOf({ ...usual, coldStarts: 0.01, perSecond: 1 })).toBeCloseTo(13_333, 0);
    expect(secretReadsOf({ ...usual, perSecond: 0.001 })).toBe(1_000_000);
    const rows = estimateRequests(dev, { ...usual, coldStarts: 0.01, perSecond: 1 });
    const usdOf = (what: string) => rows.find((row) => row.what === what)?.usd;
    expect(usdOf('Secrets Manager, calls')).toBeCloseTo((13_333 / 10_000) * 0.05);
    expect(usdOf('KMS, calls')).toBeCloseTo((23_333 / 10_000) * 0.03);
  });

  it('has no calls to KMS without a customer managed key, and the key’s price while it is retained', () => {
    const own = { ...dev, hasOwnKey: false };
    expect(estimateRequests(own, usual).map(({ what }) => what)).not.toContain('KMS, calls');
    expect(describeCost(own, usual)).not.toContain('KMS');
    expect(describeCost({ ...own, retainsKey: true }, usual)).toMatch(/KMS +\| a key of your own/);
  });

  it('of the tables grows with what they hold, and with point-in-time recovery', () => {
    const items = { ...usual, items: 10_000_000 };
    const idle =
      totalOf(estimateIdle(dev, items)) - totalOf(estimateIdle(dev, { ...usual, items: 0 }));
    expect(idle).toBeCloseTo(3 * (0.25 + 0.2));
    const without = { ...dev, hasPointInTimeRecovery: false };
    expect(totalOf(estimateIdle(dev, items)) - totalOf(estimateIdle(without, items))).toBeCloseTo(
      0.6,
    );
  });

  it('of a million requests stays far under the reference, with a session, a limit and a log line each', () => {
    expect(usual.signedIn).toBe(1);
    expect(totalOf(estimateRequests(dev, usual))).toBeLessThan(2.3);
  });

  it('follows the memory, whose share of a core a request’s work gets', () => {
    expect(billedMs({ ...dev, memoryMb: 1_769 }, { ...usual, upstreamMs: 100 })).toBeCloseTo(
      100 + 6 + cpuMs + 0.5,
    );
    expect(billedMs({ ...dev, memoryMb: 128 }, { ...usual, upstreamMs: 100 })).toBeCloseTo(
      100 + 6 + (cpuMs * 1_769) / 128 + 0.5,
    );
    const time = (memoryMb: number) =>
      estimateRequests({ ...dev, memoryMb }, usual).find(({ what }) => what === 'Lambda, time')
        ?.usd;
    expect(time(512)).toBeGreaterThan(time(256) ?? 0);
  });

  it('counts a response for each 512 KB begun, and sessions for the share that has one', () => {
    const byName = (changes: object) =>
      Object.fromEntries(
        estimateRequests(dev, { ...usual, ...changes }).map(({ what, usd }) => [what, usd]),
      );
    expect(byName({ bodyKb: 513 })['API Gateway']).toBeCloseTo(2);
    expect(byName({ signedIn: 0.8 })['DynamoDB, sessions']).toBeCloseTo(0.1);
  });

  it('of logs grows with one line per metric, and with every log that is switched on', () => {
    const bytes = logBytesOf(dev, { ...usual, perSecond: 20 });
    expect(logBytesOf(dev, { ...usual, perSecond: 0.5 })).toBeGreaterThan(bytes);
    expect(logBytesOf({ ...dev, hasPlatformLines: true }, usual)).toBeGreaterThan(bytes);
    expect(logBytesOf({ ...dev, hasApiAccessLog: true }, usual)).toBeGreaterThan(bytes);
    expect(logBytesOf({ ...dev, logSampleRate: 0.1 }, { ...usual, perSecond: 20 })).toBeLessThan(
      bytes / 2,
    );
  });

  it('is shown by the million and by the month', () => {
    const shown = describeCost(dev, { ...usual, requests: 2_000_000 });
    expect(shown).toMatch(/API Gateway .* \$1\.00 +\| \$2\.00/);
    expect(shown).toMatch(/reference: \$4\.05/);
  });
});

describe('the estimate for programs', () => {
  it('has the rows of the table, and their sums', () => {
    const { by_requests, by_month, usd } = estimateCost(dev, { ...usual, requests: 2_000_000 });
    expect(by_requests).toContainEqual(expect.objectContaining({ what: 'API Gateway', usd: 1 }));
    expect(usd.a_million_requests).toBeCloseTo(totalOf(by_requests));
    expect(usd.a_month_without_traffic).toBeCloseTo(totalOf(by_month));
    expect(usd.a_month).toBeGreaterThan(2 * usd.a_million_requests + usd.a_month_without_traffic);
  });
});

describe('the assumptions', () => {
  it('are taken from the command', () => {
    expect(readAssumptions({ REQUESTS: '5e6', SIGNED_IN: '0.8' })).toMatchObject({
      requests: 5_000_000,
      signedIn: 0.8,
    });
  });

  it.each([
    { REQUESTS: 'abc' },
    { REQUESTS: '0' },
    { SIGNED_IN: '2' },
    { BODY_KB: '-1' },
    { UPSTREAM_MS: ' ' },
    { PER_SECOND: 'NaN' },
    { ROUTES: 'Infinity' },
  ])('refuse %j, and say what would do', (variables) => {
    const [name = ''] = Object.keys(variables);
    expect(() => readAssumptions(variables as Record<string, string>)).toThrow(
      new RegExp(`^${name} is ".*"; it is a number from `),
    );
  });
});
