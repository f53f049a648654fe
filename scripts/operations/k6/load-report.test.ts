import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFolder } from '../../stack/command-line/folders.ts';
import type { Figures } from './figures.ts';
import { loadReport, scenarioTexts } from './load-report.ts';

const figures: Figures = {
  scenario: 'load',
  env: 'local',
  base_url: 'http://127.0.0.1/v1',
  when: '2026-11-21T10:00:00.000Z',
  seconds: 2,
  requests: 4,
  failed: 1,
  requests_per_second: 2,
  p50_ms: 20,
  p95_ms: 900,
  p99_ms: 900,
  checks: [{ name: 'status is <200>', passed: 3, failed: 1 }],
  counted: {},
  thresholds: [
    { metric: 'http_req_duration', condition: 'p(95)<200', measured: 900, ok: false },
    { metric: 'http_req_failed', condition: 'rate<0.5', measured: 0.25, ok: true },
  ],
  verdict: 'failed',
};

const atMs = Date.parse(figures.when);
const sample = (afterMs: number, status: number, isExpected: boolean) => ({
  startedAtMs: atMs + afterMs,
  durationMs: status === 200 ? 20 : 900,
  status,
  route: status === 429 ? 'GET /api/v1/products' : 'GET /api/v1/users',
  isExpected,
});
const samples = [
  sample(0, 200, true),
  sample(500, 503, false),
  sample(1_200, 200, true),
  sample(1_500, 429, true),
];

const page = loadReport(figures, samples);

describe('the report of a load test', () => {
  it('gives the figures in words, not in metric names of k6', () => {
    expect(page).toContain('Load test “load” of local: <span class="failed">failed</span>');
    expect(page).toContain('<strong>4 requests</strong> in 2.0 s');
    expect(page).toContain('p95 of the response time under 200 ms');
    expect(page).not.toMatch(/http_req|p\(95\)|rate</);
  });

  it('lists the responses and the response times of each route', () => {
    expect(page).toMatch(
      /<td>GET \/api\/v1\/users<td>3<td>2 × 200, 1 × 503<td>20 ms<td>900 ms<td>900 ms/,
    );
    expect(page).toMatch(/<td>GET \/api\/v1\/products<td>1<td>1 × 429/);
  });

  it('draws failures, expected rejections and successes apart, per second', () => {
    const heights = ['#c8453b', '#f2b134', '#8fb8de'].map((color) =>
      [
        ...page.matchAll(new RegExp(`<path d="M[^"]*?0l0 -([\\d.]+)[^"]*" fill="${color}"`, 'g')),
      ].map(([, height]) => Number(height)),
    );
    const [[failed = 0] = [], [rejected] = [], [first, second] = []] = heights;
    expect(heights.map(({ length }) => length)).toEqual([1, 1, 2]);
    expect([rejected, first, second]).toEqual([failed, failed, failed]);
    expect(page).toContain('>requests/s<');
  });

  it('draws the response times and their threshold in ms', () => {
    expect(page).toContain('>p50 (whole run: 20 ms)<');
    expect(page).toContain('>p95 (whole run: 900 ms)<');
    expect(page).toContain('>p95 threshold<');
    expect(page).toContain('>ms<');
  });

  it('lets no text be markup, and loads nothing', () => {
    expect(page).toContain('status is &lt;200&gt;');
    expect(page).toContain("default-src 'none'");
  });

  it('is also a page if nothing was sent', () => {
    const empty = loadReport({ ...figures, requests: 0, checks: [] }, []);
    expect(empty).toContain('0 requests');
    expect(empty).not.toMatch(/NaN|Infinity/);
  });

  it('describes each scenario', () => {
    const files = readdirSync(join(projectFolder, 'load-test', 'scenarios'));
    const names = files.map((file) => basename(file, '.ts')).filter((name) => name !== 'gameday');
    expect(Object.keys(scenarioTexts).toSorted()).toEqual(names.toSorted());
  });
});
