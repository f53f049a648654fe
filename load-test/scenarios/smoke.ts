import http from 'k6/http';
import { check } from 'k6';
import type { Options } from 'k6/options';
import type { LoadTestSession } from '../lib/input.ts';
import { steadyRate, summaryTrendStats } from '../lib/rates.ts';
import { run } from '../lib/run.ts';
import { asked, expecting, reads } from '../lib/traffic.ts';

export { handleSummary } from '../lib/run.ts';

/** Every kind of answer, once a second for ten seconds: is it worth testing any further? */
export const options: Options = {
  scenarios: { smoke: steadyRate(1, '10s') },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    http_req_duration: ['p(95)<1000'],
  },
  summaryTrendStats,
};

interface Case {
  readonly route: string;
  readonly method?: string;
  readonly path: string;
  readonly session?: LoadTestSession | undefined;
  readonly status: number;
}

const [member] = run.members;
const { admin } = run;

/** Reads and refusals only: a smoke test leaves nothing behind at an upstream. */
const cases: readonly Case[] = [
  { route: 'GET /health', path: '/health', status: 200 },
  { route: 'GET /api/v1/status', path: '/api/v1/status', status: 200 },
  ...reads.map((read) => ({ ...read, session: member, status: 200 })),
  {
    route: 'GET /api/v1/admin/settings',
    path: '/api/v1/admin/settings',
    session: admin,
    status: 200,
  },
  { route: 'without a token', path: '/api/v1/users', status: 401 },
  {
    route: 'without the role',
    path: '/api/v1/admin/settings',
    session: member,
    status: 403,
  },
  { route: 'an unknown path', path: '/api/v1/nowhere', status: 404 },
  { route: 'a wrong method', method: 'DELETE', path: '/api/v1/users', status: 405 },
];

export default function (): void {
  for (const { route, method = 'GET', path, session, status } of cases) {
    const parameters = asked(route, session, expecting(status));
    const answer = http.request(method, `${run.baseUrl}${path}`, null, parameters);
    check(answer, { [`${route}: ${status}`]: (given) => given.status === status });
  }
}
