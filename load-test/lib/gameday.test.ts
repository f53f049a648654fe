import { describe, expect, it } from '@jest/globals';
import { isAsDesigned, isDisturbed, type Phase, phaseAt, type PhaseFault } from './gameday.ts';

const fault = (changes: Partial<PhaseFault>): PhaseFault => ({
  kind: 'error',
  routes: ['GET /api/v1/users'],
  percent: 50,
  latencyMs: 400,
  status: 500,
  text: '',
  alarm: '',
  ...changes,
});
const seen = { route: 'GET /api/v1/users', code: undefined, hasRetryAfter: false, durationMs: 12 };

describe('what users should see', () => {
  it.each([
    ['success', { status: 200 }, undefined, true],
    ['a failure on a calm day', { status: 500 }, undefined, false],
    ['the injected status', { status: 500 }, {}, true],
    ['another status', { status: 502 }, {}, false],
    ['it on another route', { status: 500, route: 'GET /api/v1/products' }, {}, false],
    ['a failure from latency', { status: 504 }, { kind: 'latency' }, false],
    [
      'a cut-off service',
      { status: 502, code: 'UPSTREAM_UNREACHABLE' },
      { kind: 'upstream-cut' },
      true,
    ],
    [
      'a breaker that says when',
      { status: 503, code: 'UPSTREAM_BREAKER_OPEN', hasRetryAfter: true },
      { kind: 'upstream-cut' },
      true,
    ],
    [
      'a breaker that does not',
      { status: 503, code: 'UPSTREAM_BREAKER_OPEN' },
      { kind: 'upstream-cut' },
      false,
    ],
    [
      'sessions that cannot be checked',
      { status: 503, code: 'SESSION_STORE_UNAVAILABLE', hasRetryAfter: true },
      { kind: 'store-throttled' },
      true,
    ],
    [
      'being signed out by it',
      { status: 401, code: 'CREDENTIALS_EXPIRED' },
      { kind: 'store-throttled' },
      false,
    ],
  ] as const)('%s', (_, response, changes, isWanted) => {
    expect(isAsDesigned({ ...seen, ...response }, changes && fault(changes))).toBe(isWanted);
  });

  it('is disturbed by a failure and by lateness', () => {
    expect(isDisturbed({ ...seen, status: 200 }, 400)).toBe(false);
    expect(isDisturbed({ ...seen, status: 200, durationMs: 400 }, 400)).toBe(true);
    expect(isDisturbed({ ...seen, status: 503 }, 400)).toBe(true);
  });
});

it('finds the phase by the clock', () => {
  const phase = (name: string, startsAtMs: number, endsAtMs: number): Phase => ({
    name,
    fault: undefined,
    startsAtMs,
    endsAtMs,
    judgedFromMs: startsAtMs,
  });
  const phases = [phase('calm', 10, 20), phase('error', 20, 30)];
  expect([9, 10, 19, 20, 30].map((ms) => phaseAt(phases, ms)?.name)).toEqual([
    undefined,
    'calm',
    'calm',
    'error',
    undefined,
  ]);
});
