import { describe, expect, it } from '@jest/globals';
import { judge, recoverySeconds } from './judge.ts';
import { planPhases, type Target } from './plan-phases.ts';

const startMs = Date.parse('2026-11-21T10:00:00Z');
const timing = { calmSeconds: 5, faultSeconds: 10, wellSeconds: 5 };

const target: Target = { upstream: 'users', routes: ['GET /api/v1/users'], breakerOpenMs: 10_000 };

describe('the plan of a game day', () => {
  const phases = planPhases(target, ['error', 'upstream-cut'], timing, startMs);

  it('has a calm, then each fault and the time after it, without a gap', () => {
    expect(phases.map(({ name }) => name)).toEqual([
      'calm',
      'error',
      'error-after',
      'upstream-cut',
      'upstream-cut-after',
    ]);
    phases.slice(1).forEach(({ startsAtMs }, index) => {
      expect(startsAtMs).toBe(phases[index]?.endsAtMs);
    });
  });

  it('evaluates a fault after it is effective everywhere, and the time after it once users should be unaffected', () => {
    const unjudged = phases.map(({ startsAtMs, judgedFromMs }) => judgedFromMs - startsAtMs);
    expect(unjudged).toEqual([2_000, 3_000, 3_000, 3_000, 13_000]);
  });
});

describe('a recovery', () => {
  const [, fault, after] = planPhases(target, ['error'], timing, startMs);
  if (fault === undefined || after === undefined) throw new Error('unreachable');
  const sample = (startedAtMs: number, status: number) => ({
    startedAtMs: fault.endsAtMs + startedAtMs,
    status,
    durationMs: 100,
    route: 'GET /api/v1/users',
    isExpected: status === 200,
  });

  it('lasts until the last request that noticed something', () => {
    const samples = [sample(-50, 500), sample(0, 200), sample(1_900, 503), sample(2_500, 200)];
    expect(recoverySeconds(fault, after, samples)).toBe(2);
  });

  it('takes no time if no user noticed anything', () => {
    expect(recoverySeconds(fault, after, [sample(-50, 500), sample(10, 200)])).toBe(0);
  });
});

describe('the judgement', () => {
  const phases = planPhases(target, ['error'], timing, startMs);
  const requests = phases.flatMap(({ judgedFromMs, fault }) => [
    { startedAtMs: judgedFromMs + 1, durationMs: 20, status: 200, route: 'a', isExpected: true },
    {
      startedAtMs: judgedFromMs + 2,
      durationMs: 30,
      status: fault ? 500 : 200,
      route: 'a',
      isExpected: !fault,
    },
  ]);
  const threshold = (phase: string, ok: boolean) => ({
    metric: `checks{phase:${phase}}`,
    condition: 'rate>=0.99',
    measured: 1,
    ok,
  });
  const names = phases.map(({ name }) => name);

  it('has for each phase its responses and whether its thresholds passed', () => {
    const thresholds = names.map((name) => threshold(name, name !== 'error'));
    const findings = judge(phases, requests, { thresholds });
    expect(findings).toMatchObject([
      { phase: 'calm', requests: 2, statuses: { 200: 2 }, p95_ms: 30, verdict: 'passed' },
      { phase: 'error', requests: 2, statuses: { 200: 1, 500: 1 }, verdict: 'failed' },
      { phase: 'error-after', requests: 2, verdict: 'passed' },
    ]);
    expect(findings.map(({ recovery_seconds: seconds }) => seconds)).toEqual([
      undefined,
      0,
      undefined,
    ]);
  });

  it('fails a phase without requests or without thresholds', () => {
    const thresholds = names.map((name) => threshold(name, true));
    expect(judge(phases, [], { thresholds }).map(({ verdict }) => verdict)).toEqual(
      Array(3).fill('failed'),
    );
    expect(judge(phases, requests, { thresholds: [] }).map(({ verdict }) => verdict)).toEqual(
      Array(3).fill('failed'),
    );
  });
});
