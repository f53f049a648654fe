import type { LoadTestInput } from './input.ts';

const file = __ENV.LOADTEST_INPUT;
if (file === undefined) {
  throw new Error('LOADTEST_INPUT is not set: run `make loadtest ENV=<env> SCENARIO=<scenario>`');
}

/** What this run was given. */
export const run = JSON.parse(open(file)) as LoadTestInput;

const urlPattern = /^https?:\/\/[^/]+/;
if (!urlPattern.test(run.baseUrl)) throw new Error(`not a base URL: ${run.baseUrl}`);

interface Summary {
  readonly metrics: object;
}

/** Writes the figures of the run; `scripts/commands/loadtest.ts` prints them and makes `reports/loadtest.json`. */
export const handleSummary = (summary: Summary): Record<string, string> => ({
  [run.summaryFile]: JSON.stringify(summary),
});
