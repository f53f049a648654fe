import { drawChart, palette, type Series } from '../report-pages/chart.ts';
import { escaped, moment, reportPage, table, verdictMark } from '../report-pages/html.ts';
import { figureOf, ruleOf } from './describe-threshold.ts';
import type { Figures } from './figures.ts';
import type { Sample } from './read-samples.ts';
import { type Outcome, requestsChart, stretchMsOf } from './requests-chart.ts';
import { groupBy } from '../../../handler/compiler/group-by.ts';

/** What each scenario does. */
export const scenarioTexts: Readonly<Record<string, string>> = {
  smoke: 'Each kind of response once per second, before any longer test.',
  load: '50 users arrive within ten seconds; then each sends one request per second.',
  stress: 'From 10 to 200 requests per second within a minute, and back.',
  spike: 'Twenty times the traffic from one second to the next.',
  soak: '20 requests per second for a long time.',
  'rate-limit': 'One user exceeds their limit and stays above it.',
};

const succeeded: Outcome = { label: 'succeeded', color: '#8fb8de' };
const rejected: Outcome = { label: 'rejected, as expected', color: '#f2b134' };
const failed: Outcome = { label: 'failed', color: '#c8453b' };

const outcomeOf = ({ status, isExpected }: Sample): Outcome =>
  !isExpected ? failed : status < 400 ? succeeded : rejected;

/** `reports/loadtest.html`: the run for people. */
export const loadReport = (figures: Figures, samples: readonly Sample[]): string => {
  const { scenario, env, base_url: baseUrl, when, verdict } = figures;
  return reportPage({
    title: `Load test “${scenario}” of ${env}`,
    verdict,
    isGood: verdict === 'passed',
    body: `<p>${[scenarioTexts[scenario] ?? '', `${baseUrl}, ${moment(when)}.`].map(escaped).join(' ')}</p>
<p>${inShort(figures)}</p>
${samples.length === 0 ? '' : charts(figures, samples)}
<h2>Thresholds</h2>
${table(
  ['', 'threshold', 'measured'],
  figures.thresholds.map((each) => [verdictMark(each.ok), ruleOf(each), figureOf(each)]),
)}
<h2>By route</h2>
${table(['route', 'requests', 'responses', 'p50', 'p95', 'slowest'], [...groupBy(samples, ({ route }) => route)].map(routeRow))}
<h2>Checks of the responses</h2>
${table(
  ['', 'check', 'passed'],
  figures.checks.map(({ name, passed, failed: missing }) => [
    verdictMark(missing === 0 && passed > 0),
    name,
    `${passed} of ${passed + missing}`,
  ]),
)}
<p>The charts of k6 itself: loadtest-k6.html</p>`,
  });
};

const inShort = (figures: Figures): string =>
  `<strong>${figures.requests.toLocaleString('en')} requests</strong> in ${figures.seconds.toFixed(1)} s ` +
  `(${figures.requests_per_second.toFixed(1)}/s), <strong>${figures.failed} failed</strong>. Response time: ` +
  `p50 <strong>${Math.round(figures.p50_ms)} ms</strong>, p95 <strong>${Math.round(figures.p95_ms)} ms</strong>, ` +
  `p99 <strong>${Math.round(figures.p99_ms)} ms</strong>.`;

const charts = (figures: Figures, samples: readonly Sample[]): string => {
  const [fromMs, untilMs] = spanOf(samples);
  const outcomes = [failed, rejected, succeeded];
  return `${requestsChart(samples, { fromMs, untilMs, outcomes, outcomeOf })}
<h2>Response time</h2>
${drawChart({
  ...{ title: 'Response time', unit: 'ms', width: 1000, height: 240, hasLegend: true },
  x: { kind: 'time', from: fromMs, until: untilMs },
  series: [0.5, 0.95].map((share, at) => latencySeries(samples, share, palette[at] ?? '')),
  limits: limitsOf(figures),
})}`;
};

/** Only with a threshold on the p95 of the whole run. */
const limitsOf = ({ thresholds }: Figures) =>
  thresholds
    .filter(
      ({ metric, condition }) => metric === 'http_req_duration' && /^p\(95\)</.test(condition),
    )
    .map(({ condition }) => ({ label: 'p95 threshold', value: Number(condition.slice(6)) }));

/** A point in the middle of each stretch; a stretch without requests interrupts the line. */
const latencySeries = (samples: readonly Sample[], share: number, color: string): Series => {
  const [fromMs, untilMs] = spanOf(samples);
  const stretchMs = stretchMsOf(fromMs, untilMs);
  const byStretch = groupBy(samples, ({ startedAtMs }) =>
    Math.floor((startedAtMs - fromMs) / stretchMs),
  );
  const count = Math.ceil((untilMs - fromMs) / stretchMs);
  return {
    name: `p${share * 100} (whole run: ${Math.round(percentile(samples, share))} ms)`,
    color,
    points: Array.from({ length: count }, (_, at) => {
      const within = byStretch.get(at);
      const middleMs = Math.min(fromMs + (at + 0.5) * stretchMs, untilMs);
      return [middleMs, within ? percentile(within, share) : null] as const;
    }),
  };
};

const routeRow = ([route, samples]: readonly [string, readonly Sample[]]) => [
  route,
  samples.length.toLocaleString('en'),
  [...groupBy(samples, ({ status }) => status)]
    .toSorted(([a], [b]) => a - b)
    .map(([status, { length }]) => `${length} × ${status === 0 ? 'none' : status}`)
    .join(', '),
  ...[0.5, 0.95, 1].map((share) => `${Math.round(percentile(samples, share))} ms`),
];

const percentile = (samples: readonly Sample[], share: number): number =>
  samples.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b)[
    Math.max(0, Math.ceil(samples.length * share) - 1)
  ] ?? 0;

const spanOf = (samples: readonly Sample[]): readonly [fromMs: number, untilMs: number] =>
  samples.reduce<readonly [number, number]>(
    ([from, until], { startedAtMs: at }) => [Math.min(from, at), Math.max(until, at + 1)],
    [Infinity, -Infinity],
  );
