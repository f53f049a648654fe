import { figureOf, ruleOf } from './describe-threshold.ts';
import type { Figures } from './figures.ts';

/** The figures for people, one line each, without the verdict. */
export const describeFigures = (figures: Figures): string[] => [
  '',
  `${figures.scenario} on ${figures.env}: ${figures.requests} requests in ${figures.seconds.toFixed(1)} s ` +
    `(${figures.requests_per_second.toFixed(1)}/s), ${figures.failed} failed`,
  `response time  p50 ${ms(figures.p50_ms)}  p95 ${ms(figures.p95_ms)}  p99 ${ms(figures.p99_ms)}`,
  ...Object.entries(figures.counted).map(
    ([name, count]) => `${name.replaceAll('_', ' ')}: ${count}`,
  ),
  '',
  ...figures.checks.map(
    ({ name, passed, failed }) =>
      `${mark(failed === 0 && passed > 0)} ${name}: ${passed} of ${passed + failed}`,
  ),
  '',
  ...(figures.requests === 0 ? [`${mark(false)} k6 sent no request`] : []),
  ...figures.thresholds.map((each) => `${mark(each.ok)} ${ruleOf(each)}: ${figureOf(each)}`),
  '',
];

const mark = (ok: boolean): string => (ok ? '✓' : '✗');
const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`;
