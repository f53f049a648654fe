import type { Phase } from '../../../load-test/lib/gameday.ts';
import { figureOf, ruleOf } from '../k6/describe-threshold.ts';
import type { Sample } from '../k6/read-samples.ts';
import { type Outcome, requestsChart } from '../k6/requests-chart.ts';
import {
  type Cell,
  escaped,
  moment,
  reportPage,
  table,
  verdictMark,
} from '../report-pages/html.ts';
import type { PhaseAlarms } from './alarm-log.ts';
import type { PhaseFinding } from './judge.ts';

export interface GameDayReport {
  readonly env: string;
  readonly when: string;
  readonly verdict: 'passed' | 'failed';
  readonly phases: readonly PhaseFinding[];
  readonly alarms: readonly PhaseAlarms[];
  /** Alarms that were not raised, or not cleared, as expected. */
  readonly missing_alarms: readonly string[];
}

const style = `th,td{font-size:13px;white-space:nowrap}td:first-child{white-space:normal;max-width:15rem}`;

const lateMs = 1_000;
const served: Outcome = { label: `succeeded within ${lateMs} ms`, color: '#8fb8de' };
const late: Outcome = { label: 'succeeded later', color: '#f2b134' };
const failed: Outcome = { label: 'failed', color: '#c8453b' };

const outcomeOf = ({ status, durationMs }: Sample): Outcome =>
  status !== 200 ? failed : durationMs >= lateMs ? late : served;

/** The game day for people: what users saw over time and in each phase, and which alarms were raised. */
export const reportHtml = (
  report: GameDayReport,
  phases: readonly Phase[],
  samples: readonly Sample[],
): string =>
  reportPage({
    title: `Game day of ${report.env}`,
    verdict: report.verdict,
    isGood: report.verdict === 'passed',
    style,
    body: `<p>${moment(report.when)}. Faults were injected one after another under steady traffic, each only into the routes of one service; each ended by itself.</p>
${dayChart(phases, samples)}
<h2>What users saw</h2>
${table(
  ['phase', 'requests', 'responses', 'p95', 'recovered after', 'thresholds', ''],
  report.phases.map((finding) => phaseRow(finding, phases)),
)}
<h2>Alarms</h2>
<p>${report.env === 'local' ? 'The metrics of each phase were sent to the emulator as if the phase had lasted six minutes.' : 'Their states at the end of each phase.'}</p>
${table(
  ['phase', 'raised', 'cleared'],
  report.alarms.map(({ phase, raised, cleared }) => [
    phaseText(phase, phases),
    lines(raised),
    lines(cleared),
  ]),
)}
${report.missing_alarms.map((text) => `<p class="failed">${escaped(text)}</p>`).join('\n')}`,
  });

const dayChart = (phases: readonly Phase[], samples: readonly Sample[]): string =>
  requestsChart(samples, {
    fromMs: phases[0]?.startsAtMs ?? 0,
    untilMs: phases.at(-1)?.endsAtMs ?? 1,
    outcomes: [failed, late, served],
    outcomeOf,
    bands: phases.flatMap(({ name, fault, startsAtMs, endsAtMs }) =>
      fault ? [{ label: name, from: startsAtMs, until: endsAtMs }] : [],
    ),
  });

const phaseRow = (finding: PhaseFinding, phases: readonly Phase[]): readonly Cell[] => [
  phaseText(finding.phase, phases),
  `${finding.requests} in ${finding.seconds} s`,
  lines(Object.entries(finding.statuses).map(([status, count]) => `${count} × ${status}`)),
  `${finding.p95_ms} ms`,
  finding.recovery_seconds === undefined ? '' : `${finding.recovery_seconds} s`,
  lines(
    finding.thresholds
      .toSorted(
        (a, b) => a.metric.localeCompare(b.metric) || b.condition.localeCompare(a.condition),
      )
      .map((each) => `${ruleOf(each)}: ${figureOf(each)}`),
  ),
  verdictMark(finding.verdict === 'passed'),
];

const phaseText = (name: string, phases: readonly Phase[]): Cell => {
  const fault = phases.find((phase) => phase.name === name)?.fault;
  if (fault === undefined) return name.replace(/^(.*)-after$/, 'after $1');
  return { html: `${escaped(name)}<br><small>${escaped(fault.text)}</small>` };
};

const lines = (texts: readonly string[]): Cell => ({ html: texts.map(escaped).join('<br>') });
