import { scenario } from 'k6/execution';
import type { Options } from 'k6/options';
import { changingRate, steadyRate, summaryTrendStats } from '../lib/rates.ts';
import { checkQuickSuccess, read } from '../lib/traffic.ts';
import { readUnderOverload, sheds } from '../lib/overload.ts';

export { handleSummary } from '../lib/run.ts';

/** Increases to four times the stage's throttle, then checks recovery at a low rate. */
export const options: Options = {
  scenarios: {
    climb: changingRate(
      10,
      [
        { target: 50, duration: '20s' },
        { target: 100, duration: '20s' },
        { target: 200, duration: '20s' },
        { target: 200, duration: '20s' },
      ],
      { exec: 'climb' },
    ),
    recovery: steadyRate(10, '20s', { exec: 'calm', startTime: '85s' }),
  },
  thresholds: {
    ...sheds('climb', { servedAtLeast: 3000 }),
    'http_req_failed{scenario:recovery}': ['rate<0.01'],
    'http_req_duration{scenario:recovery}': ['p(95)<200'],
  },
  summaryTrendStats,
};

export const climb = (): void => readUnderOverload(scenario.iterationInTest);
export const calm = (): void => checkQuickSuccess(read(scenario.iterationInTest));
