import { escaped } from './html.ts';

const width = 1000;
const height = 260;
const plotTop = 40;
const plotHeight = 180;
const legendWidth = 230;

/** What became of a request; the first of the kinds stands at the bottom. */
export interface Kind {
  readonly label: string;
  readonly colour: string;
}

interface SecondsChart<Event> {
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly kinds: readonly Kind[];
  readonly events: readonly Event[];
  readonly momentOf: (event: Event) => number;
  readonly kindOf: (event: Event) => Kind;
  /** Stretches of time that stand out. */
  readonly bands?: ReadonlyArray<{
    readonly label: string;
    readonly startMs: number;
    readonly endMs: number;
  }>;
}

/** Bars of one second each, or of as many as make for 250 bars at most, by what became of its requests. */
export const secondsChart = <Event>(chart: SecondsChart<Event>): string => {
  const { label, startMs, endMs, kinds, events, momentOf, kindOf, bands = [] } = chart;
  const seconds = Math.max(1, Math.ceil((endMs - startMs) / 1000));
  const secondsABar = Math.ceil(seconds / 250);
  const bars = Array.from(
    { length: Math.ceil(seconds / secondsABar) },
    () => new Map<Kind, number>(),
  );
  for (const event of events) {
    const bar = bars[Math.floor((momentOf(event) - startMs) / 1000 / secondsABar)];
    const kind = kindOf(event);
    bar?.set(kind, (bar.get(kind) ?? 0) + 1);
  }
  const most = Math.max(1, ...bars.map((bar) => sum([...bar.values()])));
  const x = (ms: number): number => ((ms - startMs) / (bars.length * secondsABar * 1000)) * width;
  const barWidth = width / bars.length;
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">`,
    ...bands.map((band) => drawBand(band.label, x(band.startMs), x(band.endMs))),
    ...bars.flatMap((bar, index) => stack(kinds, bar, { left: index * barWidth, barWidth, most })),
    ...kinds.map(legendEntry),
    `<text x="${width}" y="${height - 11}" font-size="13" text-anchor="end">full height: ${perSecond(most / secondsABar)} requests/s</text>`,
    '</svg>',
  ].join('\n');
};

const drawBand = (label: string, from: number, to: number): string =>
  `<rect x="${from.toFixed(1)}" y="${plotTop - 20}" width="${(to - from).toFixed(1)}" height="${plotHeight + 20}" fill="#f4e3e1"/>` +
  `<text x="${((from + to) / 2).toFixed(1)}" y="${plotTop - 6}" font-size="13" text-anchor="middle">${escaped(label)}</text>`;

const stack = (
  kinds: readonly Kind[],
  bar: ReadonlyMap<Kind, number>,
  { left, barWidth, most }: { left: number; barWidth: number; most: number },
): string[] => {
  let bottom = plotTop + plotHeight;
  return kinds.flatMap((kind) => {
    const tall = ((bar.get(kind) ?? 0) / most) * plotHeight;
    if (tall === 0) return [];
    bottom -= tall;
    return `<rect x="${left.toFixed(1)}" y="${bottom.toFixed(1)}" width="${Math.max(1, barWidth - 1).toFixed(1)}" height="${tall.toFixed(1)}" fill="${kind.colour}"/>`;
  });
};

const legendEntry = ({ label, colour }: Kind, index: number): string =>
  `<rect x="${index * legendWidth}" y="${height - 22}" width="12" height="12" fill="${colour}"/>` +
  `<text x="${index * legendWidth + 18}" y="${height - 11}" font-size="13">${escaped(label)}</text>`;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const perSecond = (rate: number): string => String(Number(rate.toPrecision(3)));
