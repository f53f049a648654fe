import { describe, expect, it } from '@jest/globals';
import { planPhases } from './plan-phases.ts';
import { reportHtml } from './report-html.ts';

const fromMs = Date.parse('2026-11-28T20:00:00Z');
const timing = { calmSeconds: 10, faultSeconds: 10, wellSeconds: 10 };
const target = { upstream: 'users', routes: ['GET /users'], breakerOpenMs: 10_000 };
const phases = planPhases(target, ['error'], timing, fromMs);
const sample = (afterMs: number, status: number, durationMs: number) => ({
  ...{ startedAtMs: fromMs + afterMs, durationMs, status },
  ...{ route: 'GET /users', isExpected: status === 200 },
});
const finding = (phase: string) => ({
  ...{ phase, from: new Date(fromMs).toISOString(), seconds: 12, requests: 3 },
  ...{ statuses: { 200: 2, 500: 1 }, p95_ms: 40, thresholds: [], verdict: 'passed' as const },
});
const page = reportHtml(
  {
    ...{ env: 'local', when: '2026-11-28T20:00:00.000Z', verdict: 'failed' },
    phases: phases.map(({ name }) => finding(name)),
    alarms: [{ phase: 'error', raised: ['api-5xx-rate'], cleared: [] }],
    missing_alarms: ['<api-5xx-rate> was not cleared after error'],
  },
  phases,
  [sample(0, 200, 20), sample(13_000, 500, 20), sample(14_000, 200, 1_500)],
);

describe('the report of a game day', () => {
  it('draws successes, late successes and failures apart, per second in UTC', () => {
    const drawn = ['#8fb8de', '#f2b134', '#c8453b'].map(
      (color) => [...page.matchAll(new RegExp(`l0 -[\\d.]+l[^"]*" fill="${color}"`, 'g'))].length,
    );
    expect(drawn).toEqual([1, 1, 1]);
    expect(page).toContain('>requests/s<');
    expect(page).toContain('>time in UTC, from 2026-11-28<');
  });

  it('marks the time of the fault in the chart', () => {
    expect(page).toContain('>error</text>');
    expect(page).not.toContain('>error-after</text>');
  });

  it('lists the responses and the alarms of each phase, and what is missing, as text', () => {
    expect(page).toContain('half of the responses of users are 500');
    expect(page).toContain('2 × 200<br>1 × 500');
    expect(page).toContain('api-5xx-rate');
    expect(page).toContain('&lt;api-5xx-rate&gt; was not cleared after error');
  });
});
