import type { Phase } from '../../../load-test/lib/gameday.ts';
import { figureOf, ruleOf } from '../../operations/k6/describe-threshold.ts';
import type { Sample } from '../../operations/k6/read-samples.ts';
import {
  type Cell,
  escaped,
  moment,
  reportPage,
  table,
  verdictMark,
} from '../../operations/report-pages/html.ts';
import { type Kind, secondsChart } from '../../operations/report-pages/seconds-chart.ts';
import type { PhaseAlarms } from './alarm-log.ts';
import type { PhaseFinding } from './judge.ts';

export interface GameDayReport {
  readonly env: string;
  readonly when: string;
  readonly verdict: 'passed' | 'failed';
  readonly phases: readonly PhaseFinding[];
  readonly alarms: readonly PhaseAlarms[];
  /** Alarms that should have gone off, or been over. */
  readonly missing_alarms: readonly string[];
}

const style = `th,td{font-size:13px;white-space:nowrap}td:first-child{white-space:normal;max-width:15rem}`;

const lateMs = 1_000;
const served: Kind = { label: 'served', colour: '#8fb8de' };
const late: Kind = { label: `served after ${lateMs} ms or more`, colour: '#f2b134' };
const failed: Kind = { label: 'failed', colour: '#c8453b' };

const kindOf = ({ status, durationMs }: Sample): Kind =>
  status !== 200 ? failed : durationMs >= lateMs ? late : served;

/** The day for people: what users met over time, phase by phase, and which alarms went off. */
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
    body: `<p>${moment(report.when)}. Faults were injected one after the other under steady traffic, each into one service’s routes alone; each ended by itself.</p>
${dayChart(phases, samples)}
<h2>What users saw</h2>
${table(
  ['phase', 'requests', 'answers', '95 of 100 within', 'recovered after', 'held to', ''],
  report.phases.map((finding) => phaseRow(finding, phases)),
)}
<h2>Alarms</h2>
<p>${report.env === 'local' ? 'Told to the emulator as if each phase had lasted six minutes.' : 'As they were at the end of each phase.'}</p>
${table(
  ['phase', 'went off', 'were over'],
  report.alarms.map(({ phase, raised, cleared }) => [
    phaseText(phase, phases),
    lines(raised),
    lines(cleared),
  ]),
)}
${report.missing_alarms.map((text) => `<p class="failed">${escaped(text)}</p>`).join('\n')}`,
  });

const dayChart = (phases: readonly Phase[], samples: readonly Sample[]): string =>
  secondsChart({
    label: 'Requests a second: served, late and failed',
    startMs: phases[0]?.startsAtMs ?? 0,
    endMs: phases.at(-1)?.endsAtMs ?? 1,
    kinds: [failed, late, served],
    events: samples,
    momentOf: ({ startedAtMs }) => startedAtMs,
    kindOf,
    bands: phases
      .filter(({ fault }) => fault !== undefined)
      .map(({ name, startsAtMs, endsAtMs }) => ({
        label: name,
        startMs: startsAtMs,
        endMs: endsAtMs,
      })),
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
