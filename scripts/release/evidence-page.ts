import type { Evidence } from './evidence.ts';

/** `reports/release.html`: the evidence for people, in one file. */
export const evidencePage = (evidence: Evidence): string => {
  const { environment, version, result, stoppedBy, directCheck, latency = {}, steps } = evidence;
  const title = `Release of version ${version} to ${environment}: ${result}`;
  const facts = {
    'version before': evidence.versionBefore,
    'SHA-256 of the zip': evidence.sha256,
    who: evidence.who,
    commit: evidence.commit ?? 'none',
    began: evidence.startedAt,
    ended: evidence.endedAt ?? '',
    'traffic moved by': evidence.by,
    'alarms watched': String(evidence.alarmsWatched),
    'alarms that rang before': evidence.alarmsThatRangBefore.join(', ') || 'none',
    'stopped by': stoppedBy
      ? `${stoppedBy.check}, ${stoppedBy.at}: ${stoppedBy.reason}`
      : 'nothing',
    'direct check': directCheck
      ? `${directCheck.requests} requests, ${directCheck.faults.length} faults`
      : 'none',
  };
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>${style}</style>
<h1>${escaped(title)}</h1>
${table([], Object.entries(facts))}
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
)}
</html>
`;
};

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;overflow-wrap:anywhere}';

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
  if (rows.length === 0) return '<p>none</p>';
  const head = heads.map((text) => `<th>${escaped(text)}</th>`).join('');
  const body = rows.map((row) => row.map((cell) => `<td>${escaped(cell)}</td>`).join(''));
  return `<table>${[head, ...body]
    .filter((cells) => cells !== '')
    .map((cells) => `<tr>${cells}</tr>`)
    .join('\n')}</table>`;
};

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
