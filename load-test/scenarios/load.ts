import { scenario } from 'k6/execution';
import type { Options } from 'k6/options';
import { changingRate, summaryTrendStats } from '../lib/rates.ts';
import { run } from '../lib/run.ts';
import { checkQuickSuccess, read } from '../lib/traffic.ts';

export { handleSummary } from '../lib/run.ts';

/** They arrive over ten seconds, like fifty real users. */
const arrival = { from: 5, seconds: 10 };

/** 50 users, one request a second each. The cold starts of their arrival count like any other request. */
export const options: Options = {
  scenarios: {
    load: changingRate(
      arrival.from,
      [
        { target: run.members.length, duration: `${arrival.seconds}s` },
        { target: run.members.length, duration: run.duration ?? '30s' },
      ],
      { maxVUs: 100 },
    ),
  },
  thresholds: {
    http_req_duration: ['p(95)<200'],
    http_req_failed: ['rate<0.01'],
    'checks{check:status is as expected}': ['rate>0.99'],
    // Requests that were due but had no virtual user free to send them: the rate was not reached.
    dropped_iterations: ['count==0'],
  },
  summaryTrendStats,
};

export default function (): void {
  checkQuickSuccess(read(scenario.iterationInTest));
}
