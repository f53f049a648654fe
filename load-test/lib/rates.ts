import type { ConstantArrivalRateScenario, RampingArrivalRateScenario } from 'k6/options';

/** Requests start at this rate, independent of earlier responses. */
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

/** The rate changes linearly to each target in turn. */
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

/** k6 prints these and `reports/loadtest.json` has them; `count` distinguishes a time of 0 from no time. */
export const summaryTrendStats = ['avg', 'med', 'p(95)', 'p(99)', 'max', 'count'];
