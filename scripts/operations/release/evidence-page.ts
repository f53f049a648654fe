import { escaped, reportPage, table } from '../report-pages/html.ts';
import type { Evidence } from './evidence.ts';

/** `reports/release.html`: the evidence for people, in one file. */
export const evidencePage = (evidence: Evidence): string => {
  const { environment, version, result, stoppedBy, directCheck, latency = {}, steps } = evidence;
  const title = `Release of version ${version} to ${environment}`;
  const facts = {
    'version before': evidence.versionBefore,
    'SHA-256 of the zip': evidence.sha256,
    who: evidence.who,
    commit: evidence.commit ?? 'none',
    began: evidence.startedAt,
    ended: evidence.endedAt ?? '',
    'alarms watched': String(evidence.alarmsWatched),
    'alarms that rang before': evidence.alarmsThatRangBefore.join(', ') || 'none',
    'stopped by': stoppedBy
      ? `${stoppedBy.check}, ${stoppedBy.at}: ${stoppedBy.reason}`
      : 'nothing',
    'direct check': directCheck
      ? `${directCheck.requests} requests, ${directCheck.faults.length} faults`
      : 'none',
  };
  return reportPage({
    title,
    verdict: result,
    isGood: result === 'released',
    body: `${table([], Object.entries(facts))}
<h2>Faults of the direct check</h2>
<ul>${(directCheck?.faults ?? []).map((fault) => `<li>${escaped(fault)}`).join('') || '<li>none'}</ul>
<h2>Latency, called by version number</h2>
${table(
  ['request', 'before, ms', 'new, ms', 'slower by, ms'],
  Object.entries(latency).map(([name, { liveMs, newMs, slowerByMs }]) => [
    name,
    String(liveMs),
    String(newMs),
    String(slowerByMs),
  ]),
)}
<h2>Steps</h2>
${table(
  ['share', 'began', 'seconds', 'figures'],
  steps.map(({ percent, startedAt, seconds, figures }) => [
    `${percent} %`,
    startedAt,
    String(seconds),
    Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ]),
)}`,
  });
};
