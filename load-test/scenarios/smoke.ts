import http from 'k6/http';
import { check } from 'k6';
import type { Options } from 'k6/options';
import { steadyRate, summaryTrendStats } from '../lib/rates.ts';
import { run } from '../lib/run.ts';
import { requestParameters, expected, isExpected } from '../lib/traffic.ts';

export { handleSummary } from '../lib/run.ts';

/**
 * Every kind of response, once per second for ten seconds or as long as a release watches: a quick check before longer
 * tests.
 */
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

export default function (): void {
  for (const { name, method, path, headers, statuses } of run.smokeCases) {
    const parameters = requestParameters(name, headers, expected(statuses));
    const response = http.request(method, `${run.baseUrl}${path}`, null, parameters);
    check(response, {
      [`${name}: ${statuses.join(' or ')}`]: ({ status }) => isExpected(statuses, status),
    });
  }
}
