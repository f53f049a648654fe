import type { ConstantArrivalRateScenario, RampingArrivalRateScenario } from 'k6/options';

/** Requests start at this rate whether or not earlier ones were answered. */
export const steadyRate = (
  perSecond: number,
  duration: string,
  scenario: Partial<ConstantArrivalRateScenario> = {},
): ConstantArrivalRateScenario => ({
  executor: 'constant-arrival-rate',
  rate: perSecond,
  timeUnit: '1s',
  duration,
  preAllocatedVUs: Math.max(50, perSecond),
  gracefulStop: '10s',
  ...scenario,
});

/** The rate goes to each target in turn, in a straight line. */
export const changingRate = (
  startPerSecond: number,
  stages: { target: number; duration: string }[],
  scenario: Partial<RampingArrivalRateScenario> = {},
): RampingArrivalRateScenario => ({
  executor: 'ramping-arrival-rate',
  startRate: startPerSecond,
  timeUnit: '1s',
  stages,
  preAllocatedVUs: 50,
  maxVUs: 400,
  gracefulStop: '10s',
  ...scenario,
});

/** k6 prints these and `reports/loadtest.json` has them; `count` tells a time of 0 from no time at all. */
export const summaryTrendStats = ['avg', 'med', 'p(95)', 'p(99)', 'max', 'count'];
