import { describe, expect, it } from '@jest/globals';
import type { Evidence } from './evidence.ts';
import { evidencePage } from './evidence-page.ts';

const evidence: Evidence = {
  ...{ environment: 'prod', function: 'postern-prod', who: 'arn:aws:iam::1:user/<alice>' },
  ...{ commit: 'abc', version: '8', versionBefore: '7', sha256: 'ff', alarmsWatched: 30 },
  ...{ startedAt: '2026-11-28T20:00:00.000Z', endedAt: '2026-11-28T20:16:00.000Z' },
  alarmsThatRangBefore: [],
  directCheck: { requests: 42, failures: ['GET /users: <b> in a header'] },
  latency: { 'GET /users': { liveMs: 12.5, newMs: 50, slowerByMs: 37.5 } },
  steps: [
    {
      ...{ percent: 10, startedAt: '2026-11-28T20:01:00Z', seconds: 300 },
      figures: { requests: 3_000, failed: 0, p95_ms: 61.4, alarm_looks: 30 },
    },
  ],
  result: 'released',
};
const page = evidencePage(evidence);

describe('the evidence of a release', () => {
  it('draws the latency of both versions on one axis in ms', () => {
    const lengths = ['#8b949e', '#1f6feb'].map((color) =>
      Number(
        new RegExp(`<path d="M[\\d.]+ [\\d.]+l([\\d.]+)[^"]*" fill="${color}"`).exec(page)?.[1],
      ),
    );
    expect((lengths[1] ?? 0) / (lengths[0] ?? 1)).toBeCloseTo(4, 1);
    expect(page).toContain('>GET /users, version 7<');
    expect(page).toContain('>version 8<');
    expect(page).toContain('>ms (median)<');
  });

  it('names the units and the time zone of all that was measured', () => {
    expect(page).toContain('<td>12.5 ms<td>50 ms<td>37.5 ms');
    expect(page).toContain('<td>10 %<td>2026-11-28 20:01:00 UTC<td>300 s');
    expect(page).toContain('requests 3000, failed 0, p95 61.4 ms, alarm looks 30');
    expect(page).toContain('2026-11-28 20:16 UTC');
  });

  it('shows what the check found as text', () => {
    expect(page).toContain('<li>GET /users: &lt;b&gt; in a header');
    expect(page).toContain('user/&lt;alice&gt;');
  });

  it('says what is missing if a release was stopped before any traffic', () => {
    const stopped = evidencePage({
      ...{ ...evidence, result: 'stopped', latency: {}, steps: [] },
      stoppedBy: { check: 'failure', at: 'before any traffic', reason: 'no connection' },
    });
    expect(stopped).toContain('failure, before any traffic: no connection');
    expect(stopped).not.toContain('<svg');
  });
});
