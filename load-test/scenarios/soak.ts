import { scenario } from 'k6/execution';
import type { Options } from 'k6/options';
import { steadyRate, summaryTrendStats } from '../lib/rates.ts';
import { run } from '../lib/run.ts';
import { checkQuickSuccess, read } from '../lib/traffic.ts';

export { handleSummary } from '../lib/run.ts';

/** A quiet rate for long: leaks, expiring connections and slow drift show themselves. */
export const options: Options = {
  scenarios: { soak: steadyRate(20, run.duration ?? '30m') },
  thresholds: {
    http_req_duration: ['p(95)<200'],
    'http_req_duration{part:last quarter}': ['p(95)<200'],
    http_req_failed: ['rate<0.001'],
    dropped_iterations: ['count==0'],
  },
  summaryTrendStats,
};

export default function (): void {
  const part = scenario.progress < 0.75 ? 'first three quarters' : 'last quarter';
  checkQuickSuccess(read(scenario.iterationInTest, { tags: { part } }));
}
