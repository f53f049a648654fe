import type { Phase } from '../../load-test/lib/gameday.ts';
import type { Sample } from './read-samples.ts';

const width = 1000;
const height = 260;
const plotTop = 40;
const plotHeight = 180;
const colours = { served: '#8fb8de', late: '#f2b134', failed: '#c8453b' };
const lateMs = 1_000;

/** A bar a second: requests served, served late, and failed, with the faults' times behind them. */
export const timelineSvg = (phases: readonly Phase[], samples: readonly Sample[]): string => {
  const startMs = phases[0]?.startsAtMs ?? 0;
  const endMs = phases.at(-1)?.endsAtMs ?? startMs + 1;
  const seconds = Math.max(1, Math.ceil((endMs - startMs) / 1000));
  const bars = Array.from({ length: seconds }, () => ({ served: 0, late: 0, failed: 0 }));
  for (const { startedAtMs, durationMs, status } of samples) {
    const bar = bars[Math.floor((startedAtMs - startMs) / 1000)];
    if (bar) bar[status !== 200 ? 'failed' : durationMs >= lateMs ? 'late' : 'served'] += 1;
  }
  const most = Math.max(1, ...bars.map(({ served, late, failed }) => served + late + failed));
  const x = (ms: number): number => ((ms - startMs) / (seconds * 1000)) * width;
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Requests a second: served, late and failed">`,
    ...phases.map((phase) => band(phase, x)),
    ...bars.flatMap((bar, second) => stack(bar, (second / seconds) * width, width / seconds, most)),
    legend(most),
    '</svg>',
  ].join('\n');
};

const band = ({ name, fault, startsAtMs, endsAtMs }: Phase, x: (ms: number) => number): string => {
  if (fault === undefined) return '';
  const [from, to] = [x(startsAtMs), x(endsAtMs)];
  return (
    `<rect x="${from.toFixed(1)}" y="${plotTop - 20}" width="${(to - from).toFixed(1)}" height="${plotHeight + 20}" fill="#f4e3e1"/>` +
    `<text x="${((from + to) / 2).toFixed(1)}" y="${plotTop - 6}" font-size="13" text-anchor="middle">${name}</text>`
  );
};

const stack = (
  bar: Readonly<Record<keyof typeof colours, number>>,
  left: number,
  barWidth: number,
  most: number,
): string[] => {
  let bottom = plotTop + plotHeight;
  return (['failed', 'late', 'served'] as const).flatMap((kind) => {
    const tall = (bar[kind] / most) * plotHeight;
    if (tall === 0) return [];
    bottom -= tall;
    return `<rect x="${left.toFixed(1)}" y="${bottom.toFixed(1)}" width="${Math.max(1, barWidth - 1).toFixed(1)}" height="${tall.toFixed(1)}" fill="${colours[kind]}"/>`;
  });
};

const legend = (most: number): string =>
  [
    ['served', 'served'],
    ['late', `served after ${lateMs} ms or more`],
    ['failed', 'failed'],
  ]
    .map(
      ([kind, label], index) =>
        `<rect x="${index * 230}" y="${height - 22}" width="12" height="12" fill="${colours[kind as keyof typeof colours]}"/>` +
        `<text x="${index * 230 + 18}" y="${height - 11}" font-size="13">${label}</text>`,
    )
    .join('') +
  `<text x="${width}" y="${height - 11}" font-size="13" text-anchor="end">full height: ${most} requests/s</text>`;
