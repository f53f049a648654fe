import type { Line } from '../observability/dashboard-body.ts';
import { escaped } from '../report-pages/html.ts';
import { arrangeCurves, type Pattern } from './arrange-curves.ts';
import { drawLegend } from './draw-legend.ts';
import type { Curve, Graph } from './graph.ts';
import { brief } from './brief.ts';

const width = 420;
const height = 150;
const plot = { left: 46, right: width - 8, top: 12, bottom: height - 18 };
const labelHeight = 11;

/** Where a moment and a value stand in the picture. */
interface Scale {
  readonly top: number;
  readonly bottom: number;
  readonly x: (atMs: number) => number;
  readonly y: (value: number) => number;
}

export const drawGraph = (graph: Graph): string => {
  const { title, unit, fromMs, untilMs, lines, curves } = graph;
  const scale = scaleOf(graph);
  const axisY = scale.y(scale.bottom).toFixed(1);
  return `<figure><figcaption>${escaped(title)} <small>${escaped(unit)}</small></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<text x="${plot.left - 6}" y="${plot.top + 4}" text-anchor="end">${brief(scale.top)}</text>
<text x="${plot.left - 6}" y="${axisY}" text-anchor="end">${brief(scale.bottom)}</text>
<line class="axis" x1="${plot.left}" x2="${plot.right}" y1="${axisY}" y2="${axisY}"/>
<text x="${plot.left}" y="${height - 4}">${clock(fromMs, graph)}</text>
<text x="${plot.right}" y="${height - 4}" text-anchor="end">${clock(untilMs, graph)}</text>
${drawRules(lines, scale)}
${drawCurves(graph, scale)}
${curves.every(({ points }) => points.length === 0) ? `<text x="${width / 2}" y="${height / 2}" text-anchor="middle">no data</text>` : ''}
</svg>${drawLegend(curves)}</figure>`;
};

const scaleOf = ({ unit, fromMs, untilMs, lines, curves }: Graph): Scale => {
  const values = [
    ...curves.flatMap(({ points }) => points.map(({ value }) => value)),
    ...lines.map(({ value }) => value),
  ];
  // A share of the whole has no room above it.
  const top = Math.max(...values, 0) * (unit.startsWith('%') ? 1 : 1.1) || 1;
  const bottom = Math.min(...values, 0);
  const share = (value: number) => (value - bottom) / (top - bottom);
  return {
    top,
    bottom,
    x: (atMs) => plot.left + ((atMs - fromMs) / (untilMs - fromMs)) * (plot.right - plot.left),
    y: (value) => plot.bottom - share(value) * (plot.bottom - plot.top),
  };
};

/** Each with its label at the right, below the one above it where both are about the same. */
const drawRules = (lines: readonly Line[], { y }: Scale): string => {
  let labelY = 0;
  return [...lines]
    .sort((a, b) => b.value - a.value)
    .map(({ label, value }, index) => {
      const lowestY = plot.bottom - 3 - (lines.length - 1 - index) * labelHeight;
      labelY = Math.min(Math.max(y(value) - 3, labelY + labelHeight), lowestY);
      const ruleY = y(value).toFixed(1);
      return (
        `<line class="rule" x1="${plot.left}" x2="${plot.right}" y1="${ruleY}" y2="${ruleY}"/>` +
        `<text x="${plot.right - 2}" y="${labelY.toFixed(1)}" text-anchor="end">${escaped(label)}</text>`
      );
    })
    .join('');
};

/** The legend's first lie on top of the others. */
const drawCurves = ({ curves, periodMs }: Graph, scale: Scale): string => {
  const { columns, rows } = arrangeCurves(curves);
  const patterns = new Map(columns.map(({ series, pattern }) => [series, pattern]));
  return rows
    .toReversed()
    .flatMap(({ colour, curves: ofName }) =>
      ofName
        .filter(({ points }) => points.length > 0)
        .map(({ series, points }) =>
          drawCurve(points, periodMs, { colour, pattern: patterns.get(series) ?? 'solid' }, scale),
        ),
    )
    .join('\n');
};

/** A line through what was measured, broken off where nothing was; a dot for a value that has no neighbour. */
const drawCurve = (
  points: Curve['points'],
  periodMs: number,
  { colour, pattern }: { readonly colour: string; readonly pattern: Pattern },
  { x, y }: Scale,
): string => {
  const follows = (index: number): boolean => {
    const [earlier, later] = [points[index - 1], points[index]];
    return !!earlier && !!later && later.atMs - earlier.atMs < 1.5 * periodMs;
  };
  const places = points.map(
    ({ atMs, value }) => [x(atMs).toFixed(1), y(value).toFixed(1)] as const,
  );
  const path = places.map(([px, py], index) => `${follows(index) ? 'L' : 'M'}${px} ${py}`).join('');
  const dots = places
    .filter((_, index) => !follows(index) && !follows(index + 1))
    .map(([cx, cy]) => `<circle r="1.8" cx="${cx}" cy="${cy}"/>`);
  return `<g fill="${colour}" stroke="${colour}"><path class="${pattern}" d="${path}"/>${dots.join('')}</g>`;
};

/** To the second where the whole is a matter of minutes. */
const clock = (atMs: number, { fromMs, untilMs }: Graph): string => {
  const text = new Date(atMs).toISOString();
  return untilMs - fromMs < 15 * 60_000 ? text.slice(11, 19) : text.slice(5, 16).replace('T', ' ');
};
