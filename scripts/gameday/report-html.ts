import type { Phase } from '../../load-test/lib/gameday.ts';
import type { PhaseAlarms } from './alarm-log.ts';
import type { PhaseFinding } from './judge.ts';
import type { Sample } from './read-samples.ts';
import { timelineSvg } from './timeline-svg.ts';

export interface GameDayReport {
  readonly env: string;
  readonly when: string;
  readonly verdict: 'passed' | 'failed';
  readonly phases: readonly PhaseFinding[];
  readonly alarms: readonly PhaseAlarms[];
  /** Alarms that should have gone off, or been over. */
  readonly missing_alarms: readonly string[];
}

/** The day for people: what users met over time, phase by phase, and which alarms went off. One file, no script. */
export const reportHtml = (
  report: GameDayReport,
  phases: readonly Phase[],
  samples: readonly Sample[],
): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Game day of ${escaped(report.env)}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; color: #1d2733; max-width: 1100px; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
  th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #d8dee6; vertical-align: top; white-space: nowrap }
  .passed { color: #17693a } .failed { color: #b3261e; font-weight: 600 } svg { width: 100%; height: auto }
</style>
<h1>Game day of ${escaped(report.env)}: <span class="${report.verdict}">${report.verdict}</span></h1>
<p>${escaped(report.when)}. Faults were injected one after the other under steady traffic; each ended by itself.</p>
${timelineSvg(phases, samples)}
<h2>What users saw</h2>
<table>
<tr><th>phase<th>seconds<th>requests<th>answers<th>p95<th>recovered after<th>held to<th>
${report.phases.map(row).join('\n')}
</table>
<h2>Alarms</h2>
<p>${escaped(report.env === 'local' ? 'Told to the emulator as if each phase had lasted six minutes.' : 'As they were at the end of each phase.')}</p>
${alarmTable(report.alarms)}
${report.missing_alarms.map((text) => `<p class="failed">${escaped(text)}</p>`).join('\n')}
</html>
`;

const row = (finding: PhaseFinding): string =>
  `<tr><td>${escaped(finding.phase)}<td>${finding.seconds}<td>${finding.requests}` +
  `<td>${Object.entries(finding.statuses)
    .map(([status, count]) => `${count} × ${status}`)
    .join('<br>')}` +
  `<td>${finding.p95_ms} ms<td>${finding.recovery_seconds === undefined ? '' : `${finding.recovery_seconds} s`}` +
  `<td>${finding.thresholds.map(({ condition, ok }) => `${ok ? '✓' : '✗'} ${escaped(condition)}`).join('<br>')}` +
  `<td class="${finding.verdict}">${finding.verdict}`;

const alarmTable = (alarms: readonly PhaseAlarms[]): string =>
  `<table><tr><th>phase<th>raised<th>over\n${alarms
    .map(
      ({ phase, raised, cleared }) =>
        `<tr><td>${escaped(phase)}<td>${raised.map(escaped).join('<br>')}<td>${cleared.map(escaped).join('<br>')}`,
    )
    .join('\n')}\n</table>`;

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
