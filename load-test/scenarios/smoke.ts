import http from 'k6/http';
import { check } from 'k6';
import type { Options } from 'k6/options';
import type { LoadTestSession } from '../lib/input.ts';
import { steadyRate, summaryTrendStats } from '../lib/rates.ts';
import { reads } from '../lib/reads.ts';
import { run } from '../lib/run.ts';
import { asked, expecting } from '../lib/traffic.ts';

export { handleSummary } from '../lib/run.ts';

/** Every kind of answer, once a second for ten seconds or as long as a release watches: is it worth any further? */
export const options: Options = {
  scenarios: { smoke: steadyRate(1, run.duration ?? '10s') },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    // Whether it is quick is for `load` to say; a smoke test also runs beside other work.
    http_req_duration: ['p(95)<3000'],
  },
  summaryTrendStats,
};

interface Case {
  readonly route: string;
  readonly method?: string;
  readonly path: string;
  readonly session?: LoadTestSession | undefined;
  readonly statuses: [number, ...number[]];
}

const [member] = run.members;
const { admin } = run;
const settings = '/api/v1/admin/settings';

/** Reads and refusals only: a smoke test leaves nothing behind at an upstream. */
const cases: readonly Case[] = [
  // Whoever else calls from this address shares its limit, so 429 is an honest answer too.
  { route: 'GET /api/v1/status', path: '/api/v1/status', statuses: [200, 429] },
  ...reads.map((read): Case => ({ ...read, session: member, statuses: [200] })),
  { route: `GET ${settings}`, path: settings, session: admin, statuses: [200] },
  { route: 'without a token', path: '/api/v1/users', statuses: [401] },
  { route: 'without the role', path: settings, session: member, statuses: [403] },
  { route: 'an unknown path', path: '/api/v1/nowhere', statuses: [404] },
  { route: 'a wrong method', method: 'DELETE', path: '/api/v1/users', statuses: [405] },
];

export default function (): void {
  for (const { route, method = 'GET', path, session, statuses } of cases) {
    const parameters = asked(route, session, expecting(...statuses));
    const answer = http.request(method, `${run.baseUrl}${path}`, null, parameters);
    check(answer, {
      [`${route}: ${statuses.join(' or ')}`]: ({ status }) => statuses.includes(status),
    });
  }
}
