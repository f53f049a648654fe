import { type Bar, drawBars } from '../report-pages/chart.ts';
import { escaped, moment, reportPage, table } from '../report-pages/html.ts';
import type { Evidence } from './evidence.ts';

/** `reports/release.html`: the evidence for people, in one file. */
export const evidencePage = (evidence: Evidence): string => {
  const { environment, version, result, stoppedBy, directCheck, latency = {}, steps } = evidence;
  const facts = {
    'previous version': evidence.versionBefore,
    'SHA-256 of the zip': evidence.sha256,
    'released by': evidence.who,
    commit: evidence.commit ?? 'none',
    started: moment(evidence.startedAt),
    ended: evidence.endedAt === undefined ? '' : moment(evidence.endedAt),
    'alarms watched': String(evidence.alarmsWatched),
    'alarms on before the release': evidence.alarmsThatRangBefore.join(', ') || 'none',
    'stopped by': stoppedBy
      ? `${stoppedBy.check}, ${stoppedBy.at}: ${stoppedBy.reason}`
      : 'nothing',
    'direct check': directCheck
      ? `${directCheck.requests} requests, ${directCheck.failures.length} failures`
      : 'none',
  };
  return reportPage({
    title: `Release of version ${version} to ${environment}`,
    verdict: result,
    isGood: result === 'released',
    body: `${table([], Object.entries(facts))}
<h2>Failures of the direct check</h2>
<ul>${(directCheck?.failures ?? []).map((failure) => `<li>${escaped(failure)}`).join('') || '<li>none'}</ul>
<h2>Latency of both versions, called by their numbers</h2>
${Object.keys(latency).length === 0 ? '' : latencyChart(evidence)}
${table(
  [
    'request',
    `version ${evidence.versionBefore}`,
    `version ${version}`,
    'slower by (median of pairs)',
  ],
  Object.entries(latency).map(([name, { liveMs, newMs, slowerByMs }]) => [
    name,
    `${liveMs} ms`,
    `${newMs} ms`,
    `${slowerByMs} ms`,
  ]),
)}
<h2>Steps</h2>
${table(
  ['share of requests', 'started', 'took', 'measured'],
  steps.map(({ percent, startedAt, seconds, figures }) => [
    `${percent} %`,
    `${startedAt.slice(0, 19).replace('T', ' ')} UTC`,
    `${seconds} s`,
    Object.entries(figures).map(describeFigure).join(', '),
  ]),
)}`,
  });
};

/** `p95_ms` 12.3 as `p95 12.3 ms`. */
const describeFigure = ([name, value]: readonly [string, number]): string => {
  const [words = '', unit = ''] = name.split(/_(?=ms$)/);
  return `${words.replaceAll('_', ' ')} ${value} ${unit}`.trim();
};

const latencyChart = ({ latency = {}, version, versionBefore }: Evidence): string => {
  const bar = (name: string, value: number, color: string): Bar => ({
    ...{ name, value, color, low: value, high: value },
  });
  return drawBars({
    ...{ title: 'Latency of both versions', unit: 'ms (median)', width: 1000 },
    bars: Object.entries(latency).flatMap(([name, { liveMs, newMs }]) => [
      bar(`${name}, version ${versionBefore}`, liveMs, '#8b949e'),
      bar(`version ${version}`, newMs, '#1f6feb'),
    ]),
  });
};
