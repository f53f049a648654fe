import { scenario } from 'k6/execution';
import type { Options } from 'k6/options';
import { changingRate, steadyRate, summaryTrendStats } from '../lib/rates.ts';
import { checkQuickSuccess, read } from '../lib/traffic.ts';
import { readUnderOverload, sheds } from '../lib/overload.ts';

export { handleSummary } from '../lib/run.ts';

/** Twenty times the traffic within a second. Those before and after it must not notice. */
export const options: Options = {
  scenarios: {
    before: steadyRate(10, '15s', { exec: 'calm' }),
    spike: changingRate(
      10,
      [
        { target: 200, duration: '1s' },
        { target: 200, duration: '15s' },
      ],
      { exec: 'spike', startTime: '15s' },
    ),
    after: steadyRate(10, '20s', { exec: 'calm', startTime: '35s' }),
  },
  thresholds: {
    ...sheds('spike', { servedAtLeast: 600 }),
    'http_req_failed{scenario:before}': ['rate<0.01'],
    'http_req_duration{scenario:before}': ['p(95)<200'],
    'http_req_failed{scenario:after}': ['rate<0.01'],
    'http_req_duration{scenario:after}': ['p(95)<200'],
  },
  summaryTrendStats,
};

export const spike = (): void => readUnderOverload(scenario.iterationInTest);
export const calm = (): void => checkQuickSuccess(read(scenario.iterationInTest));
