import { describe, expect, it } from '@jest/globals';
import { describeFigures } from './describe-figures.ts';
import { figuresOf, type Summary } from './figures.ts';

const run = {
  scenario: 'load',
  env: 'local',
  base_url: 'http://127.0.0.1/v1',
  when: '2026-01-01T00:00:00.000Z',
};

const summary = (metrics: Summary['metrics'] = {}): Summary => ({
  state: { testRunDurationMs: 30_012.34 },
  root_group: { checks: [{ name: 'status is as expected', passes: 1495, fails: 6 }] },
  metrics: {
    http_reqs: { values: { count: 1501, rate: 50.01234 } },
    http_req_failed: {
      values: { rate: 0.004, passes: 6, fails: 1495 },
      thresholds: { 'rate<0.01': { ok: true } },
    },
    http_req_duration: {
      values: { med: 12.3456, 'p(95)': 210.5, 'p(99)': 400 },
      thresholds: { 'p(95)<200': { ok: false } },
    },
    ...metrics,
  },
});

describe('figuresOf', () => {
  it('gives plain figures in milliseconds and requests per second', () => {
    expect(figuresOf(run, summary())).toEqual({
      ...run,
      seconds: 30.012,
      requests: 1501,
      failed: 6,
      requests_per_second: 50.012,
      p50_ms: 12.346,
      p95_ms: 210.5,
      p99_ms: 400,
      checks: [{ name: 'status is as expected', passed: 1495, failed: 6 }],
      counted: {},
      thresholds: [
        { metric: 'http_req_failed', condition: 'rate<0.01', measured: 0.004, ok: true },
        { metric: 'http_req_duration', condition: 'p(95)<200', measured: 210.5, ok: false },
      ],
      verdict: 'failed',
    });
  });

  it('passes when every threshold holds', () => {
    const quick = { values: { 'p(95)': 20 }, thresholds: { 'p(95)<200': { ok: true } } };
    expect(figuresOf(run, summary({ http_req_duration: quick })).verdict).toBe('passed');
  });

  it('fails a threshold without measurements, although k6 reports 0 and calls it passed', () => {
    const ok = { ok: true };
    const { thresholds, verdict, ...figures } = figuresOf(run, {
      state: { testRunDurationMs: 1 },
      root_group: { checks: [{ name: 'status is as expected', passes: 0, fails: 0 }] },
      metrics: {
        http_reqs: { values: { count: 0, rate: 0 } },
        'http_req_failed{scenario:after}': {
          values: { rate: 0, passes: 0, fails: 0 },
          thresholds: { 'rate<0.01': ok },
        },
        'http_req_duration{scenario:after}': {
          values: { med: 0, 'p(95)': 0, 'p(99)': 0, count: 0 },
          thresholds: { 'p(95)<200': ok },
        },
        dropped_iterations: { values: { count: 0, rate: 0 }, thresholds: { 'count==0': ok } },
      },
    });
    expect(thresholds.map(({ measured, ok: isHeld }) => [measured, isHeld])).toEqual([
      [undefined, false],
      [undefined, false],
      [0, true],
    ]);
    expect(verdict).toBe('failed');
    const lines = describeFigures({ ...figures, thresholds, verdict });
    expect(lines.filter((line) => line.startsWith('✓'))).toEqual([
      '✓ every request sent on schedule: 0 not sent',
    ]);
    expect(lines).toContain('✗ k6 sent no request');
    expect(lines).toContain('✗ after: p95 of the response time under 200 ms: not measured');
  });

  it('fails a run that sent nothing, though no threshold was crossed', () => {
    const nothing = { state: { testRunDurationMs: 1 }, root_group: { checks: [] }, metrics: {} };
    expect(figuresOf(run, nothing)).toMatchObject({ requests: 0, verdict: 'failed' });
  });

  it('names what the scenario itself counted', () => {
    const { counted } = figuresOf(
      run,
      summary({
        postern_turned_away: { values: { count: 7, rate: 1 } },
        postern_admitted: { values: { value: 850 } },
      }),
    );
    expect(counted).toEqual({ turned_away: 7, admitted: 850 });
  });
});

describe('describeFigures', () => {
  it('marks every threshold and check with its figure', () => {
    const lines = describeFigures(figuresOf(run, summary()));
    expect(lines).toContain('load on local: 1501 requests in 30.0 s (50.0/s), 6 failed');
    expect(lines).toContain('✗ p95 of the response time under 200 ms: 211 ms');
    expect(lines).toContain('✗ status is as expected: 1495 of 1501');
  });

  it('says that a threshold was not measured', () => {
    const empty = { values: {}, thresholds: { 'p(95)<200': { ok: true } } };
    const lines = describeFigures(figuresOf(run, summary({ http_req_duration: empty })));
    expect(lines).toContain('✓ p95 of the response time under 200 ms: not measured');
  });
});
