import type { Line } from '../observability/dashboard-body.ts';

export interface Curve {
  readonly label: string;
  readonly points: ReadonlyArray<{ readonly atMs: number; readonly value: number }>;
}

export interface Graph {
  readonly title: string;
  readonly unit: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly lines: readonly Line[];
  readonly curves: readonly Curve[];
}

const width = 420;
const height = 150;
const left = 48;
const colours = [
  '#1f6feb',
  '#d1610c',
  '#2a8a3e',
  '#a333c8',
  '#c0222c',
  '#0f8a8a',
  '#7a6a00',
  '#555f6b',
];

/** A graph as an SVG with its legend; every text of it may be a client's own word. */
export const drawGraph = ({ title, unit, fromMs, untilMs, lines, curves }: Graph): string => {
  const values = [
    ...curves.flatMap(({ points }) => points.map(({ value }) => value)),
    ...lines.map(({ value }) => value),
  ];
  const top = Math.max(...values, 0) * 1.1 || 1;
  const bottom = Math.min(...values, 0);
  const x = (atMs: number) => left + ((atMs - fromMs) / (untilMs - fromMs)) * (width - left - 8);
  const y = (value: number) => height - 18 - ((value - bottom) / (top - bottom)) * (height - 28);
  const rule = ({ label, value }: Line) =>
    `<line class="rule" x1="${left}" x2="${width - 8}" y1="${y(value)}" y2="${y(value)}"/>` +
    `<text class="rule" x="${width - 10}" y="${y(value) - 3}" text-anchor="end">${escaped(label)}</text>`;
  const curve = ({ points }: Curve, index: number) => {
    const colour = colours[index % colours.length];
    const path = points.map(({ atMs, value }) => `${x(atMs).toFixed(1)},${y(value).toFixed(1)}`);
    const dots = path.map(
      (at) => `<circle r="1.6" fill="${colour}" cx="${at.replace(',', '" cy="')}"/>`,
    );
    return `<polyline fill="none" stroke="${colour}" points="${path.join(' ')}"/>${dots.join('')}`;
  };
  return `<figure><figcaption>${escaped(title)} <small>${escaped(unit)}</small></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<text x="${left - 6}" y="${y(top) + 8}" text-anchor="end">${brief(top)}</text>
<text x="${left - 6}" y="${y(bottom)}" text-anchor="end">${brief(bottom)}</text>
<line class="axis" x1="${left}" x2="${width - 8}" y1="${y(bottom)}" y2="${y(bottom)}"/>
<text x="${left}" y="${height - 4}">${clock(fromMs)}</text>
<text x="${width - 8}" y="${height - 4}" text-anchor="end">${clock(untilMs)}</text>
${lines.map(rule).join('')}${curves.map(curve).join('\n')}
${values.length === lines.length ? `<text x="${width / 2}" y="${height / 2}" text-anchor="middle">no data</text>` : ''}
</svg><ul>${curves.map(legend).join('')}</ul></figure>`;
};

const legend = ({ label, points }: Curve, index: number): string =>
  `<li><i style="background:${colours[index % colours.length]}"></i>${escaped(label)} <b>${brief(points.at(-1)?.value ?? 0)}</b></li>`;

const clock = (atMs: number): string => new Date(atMs).toISOString().slice(5, 16).replace('T', ' ');

const brief = (value: number): string =>
  Math.abs(value) >= 1_000
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
