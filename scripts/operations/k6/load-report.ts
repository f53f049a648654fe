import { drawGraph } from '../dashboard/draw-graph.ts';
import { graphStyle } from '../dashboard/graph-style.ts';
import type { Curve } from '../dashboard/graph.ts';
import { moment, reportPage, table, verdictMark } from '../report-pages/html.ts';
import { type Kind, secondsChart } from '../report-pages/seconds-chart.ts';
import { figureOf, ruleOf } from './describe-threshold.ts';
import type { Figures } from './figures.ts';
import type { Sample } from './read-samples.ts';

/** What each scenario is about. */
export const scenarioTexts: Readonly<Record<string, string>> = {
  smoke: 'Every kind of answer once a second: is it worth any further test?',
  load: '50 users arrive within ten seconds, then each asks once a second.',
  stress: 'From 10 to 200 requests a second within a minute, and quiet again.',
  spike: 'From one second to the next, twenty times the traffic.',
  soak: '20 requests a second, for long.',
  'rate-limit': 'One user goes over their limit and stays there.',
};

const served: Kind = { label: 'served', colour: '#8fb8de' };
const refused: Kind = { label: 'refused, as it should be', colour: '#f2b134' };
const failed: Kind = { label: 'failed', colour: '#c8453b' };

const kindOf = ({ status, isExpected }: Sample): Kind =>
  !isExpected ? failed : status < 400 ? served : refused;

/** `reports/loadtest.html`: what users of the gateway met. */
export const loadReport = (figures: Figures, samples: readonly Sample[]): string => {
  const { scenario, env, base_url: baseUrl, when, verdict } = figures;
  const [startMs, endMs] = spanOf(samples);
  return reportPage({
    title: `Load test “${scenario}” of ${env}`,
    verdict,
    isGood: verdict === 'passed',
    style: `${graphStyle}figure{max-width:640px;padding:0}figure td+td{display:none}`,
    body: `<p>${[scenarioTexts[scenario] ?? '', `${baseUrl}, ${moment(when)}.`].join(' ')}</p>
<p>${inShort(figures)}</p>
${samples.length === 0 ? '' : secondsChart({ label: 'Requests a second', startMs, endMs, kinds: [failed, refused, served], events: samples, momentOf: ({ startedAtMs }) => startedAtMs, kindOf })}
${samples.length === 0 ? '' : drawGraph({ title: 'Time to answer', unit: 'ms', fromMs: startMs, untilMs: endMs, periodMs: 1_000, lines: limitOf(figures), curves: latencyCurves(samples, startMs, endMs) })}
<h2>Held to</h2>
${table(
  ['', 'what was promised', 'measured'],
  figures.thresholds.map((each) => [verdictMark(each.ok), ruleOf(each), figureOf(each)]),
)}
<h2>By route</h2>
${table(['route', 'requests', 'answers', 'half within', '95 of 100', 'slowest'], [...Map.groupBy(samples, ({ route }) => route)].map(routeRow))}
<h2>Each answer was looked at</h2>
${table(
  ['', 'what was looked for', 'found in'],
  figures.checks.map(({ name, passed, failed: missing }) => [
    verdictMark(missing === 0 && passed > 0),
    name,
    `${passed} of ${passed + missing}`,
  ]),
)}
<p>k6’s own curves: loadtest-k6.html</p>`,
  });
};

const inShort = (figures: Figures): string =>
  `<strong>${figures.requests.toLocaleString('en')} requests</strong> in ${figures.seconds.toFixed(1)} s ` +
  `(${figures.requests_per_second.toFixed(1)} a second), <strong>${figures.failed} failed</strong>. Half were answered within ` +
  `<strong>${Math.round(figures.p50_ms)} ms</strong>, 95 of 100 within <strong>${Math.round(figures.p95_ms)} ms</strong>, ` +
  `99 of 100 within <strong>${Math.round(figures.p99_ms)} ms</strong>.`;

/** Where the run as a whole is held to one. */
const limitOf = ({ thresholds }: Figures) =>
  thresholds
    .filter(
      ({ metric, condition }) => metric === 'http_req_duration' && /^p\(95\)</.test(condition),
    )
    .map(({ condition }) => ({ label: '95 of 100, at most', value: Number(condition.slice(6)) }));

/** A point for each stretch of as many seconds as make for 250 points at most. */
const latencyCurves = (
  samples: readonly Sample[],
  startMs: number,
  endMs: number,
): readonly Curve[] => {
  const stretchMs = 1_000 * Math.max(1, Math.ceil((endMs - startMs) / 250_000));
  const byStretch = Map.groupBy(samples, ({ startedAtMs }) =>
    Math.floor((startedAtMs - startMs) / stretchMs),
  );
  const curve = (name: string, share: number): Curve => ({
    name: `${name}; of all: ${Math.round(percentile(samples, share))} ms`,
    series: '',
    points: [...byStretch]
      .toSorted(([a], [b]) => a - b)
      .map(([stretch, within]) => ({
        atMs: startMs + stretch * stretchMs,
        value: percentile(within, share),
      })),
  });
  return [curve('half of them', 0.5), curve('95 of 100', 0.95)];
};

const routeRow = ([route, samples]: readonly [string, readonly Sample[]]) => [
  route,
  samples.length.toLocaleString('en'),
  [...Map.groupBy(samples, ({ status }) => status)]
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
