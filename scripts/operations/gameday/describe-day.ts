import { figureOf, ruleOf } from '../k6/describe-threshold.ts';
import type { PhaseAlarms } from './alarm-log.ts';
import type { PhaseFinding } from './judge.ts';
import type { GameDayReport } from './report-html.ts';

/** The game day for people, one line for each phase. */
export const describeDay = ({ phases, alarms, missing_alarms }: GameDayReport): string[] => [
  ...phases.map((finding) =>
    describe(
      finding,
      alarms.find(({ phase }) => phase === finding.phase),
    ),
  ),
  ...missing_alarms.map((text) => `failed  ${text}`),
];

const describe = (finding: PhaseFinding, alarms: PhaseAlarms | undefined): string => {
  const { phase, verdict, requests, statuses, p95_ms, recovery_seconds: recovery } = finding;
  const responses = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  const crossed = finding.thresholds
    .filter(({ ok }) => !ok)
    .map((threshold) => `${ruleOf(threshold)} (${figureOf(threshold)})`);
  return [
    `${verdict}  ${phase.padEnd(22)} ${String(requests).padStart(5)} requests`,
    `p95 ${String(p95_ms).padStart(5)} ms`,
    responses.join(', '),
    ...(recovery === undefined ? [] : [`recovered after ${recovery} s`]),
    ...(alarms?.raised.length ? [`raised ${alarms.raised.join(', ')}`] : []),
    ...(alarms?.cleared.length ? [`cleared ${alarms.cleared.join(', ')}`] : []),
    ...(crossed.length > 0 ? [`crossed: ${crossed.join('; ')}`] : []),
  ].join('  ');
};
