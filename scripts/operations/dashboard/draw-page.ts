import { brief, drawChart, palette, type Pattern, type Series } from '../report-pages/chart.ts';
import { escaped, moment, page } from '../report-pages/html.ts';
import type { Curve, Graph } from './read-graph.ts';
import { groupBy } from '../../../handler/compiler/group-by.ts';

interface Dashboard {
  readonly name: string;
  readonly atMs: number;
  readonly graphs: readonly Graph[];
  readonly alarms: ReadonlyArray<{ readonly name: string; readonly state: string }>;
}

const style = `body{max-width:none}main{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:14px}
@media (max-width:1000px){main{grid-template-columns:minmax(0,1fr)}}
figure{margin:0;padding:12px;border-radius:8px;background:light-dark(#fff,#161b22)}body{background:light-dark(#f6f7f9,#0d1117)}
figcaption{font-weight:600}figure table{table-layout:fixed;font-size:11px}figure th,figure td{width:44px;padding:1px 0;border:0;text-align:right}
figure :is(td,th):first-child{width:auto;text-align:left;font-weight:400}figure td{font-weight:600}figure td:first-child{padding-left:13px;text-indent:-13px}figure td:nth-child(2):last-child{width:80px}
th span{border-bottom:1.5px solid}th span.dashed{border-bottom-style:dashed}th span.dotted{border-bottom-style:dotted}
i{display:inline-block;width:8px;height:8px;margin-right:5px;border-radius:2px}summary{font-size:11px;cursor:pointer}
.alarms span{display:inline-block;margin:2px;padding:2px 8px;border-radius:10px;background:light-dark(#dcefe0,#1d3b26);font-size:12px}
.alarms span.ALARM{background:#c0222c;color:#fff}.alarms span.INSUFFICIENT_DATA{background:light-dark(#e6e9ed,#30363d)}`;

/** The states of the alarms, then each graph with a table of its latest values. */
export const drawPage = ({ name, atMs, graphs, alarms }: Dashboard): string =>
  page({
    title: name,
    heading: `${escaped(name)} <small>${moment(new Date(atMs).toISOString())}</small>`,
    style,
    body: `<p class="alarms">${alarms.map(({ name: alarm, state }) => `<span class="${escaped(state)}" title="${escaped(state)}">${escaped(alarm)}</span>`).join('')}</p>
<main>${graphs.map(drawGraph).join('\n')}</main>`,
  });

const patterns: readonly Pattern[] = ['solid', 'dashed', 'dotted'];
const furtherColor = '#a8b1bb';

interface Row {
  readonly name: string;
  readonly color: string;
  readonly curves: readonly Curve[];
}

/** A color for each name and a pattern for each series. If there are more names than colors, the largest are first. */
export const drawGraph = (graph: Graph): string => {
  const { title, unit, fromMs, untilMs, lines, curves } = graph;
  const named = [...groupBy(curves, ({ name }) => name)];
  if (named.length > palette.length) named.sort(([, a], [, b]) => peakOf(b) - peakOf(a));
  const rows = named.map(([name, ofName], at): Row => ({
    name,
    color: palette[at] ?? furtherColor,
    curves: ofName,
  }));
  const columns = [...new Set(curves.map(({ series }) => series))];
  const svg = drawChart({
    ...{ title, unit, width: 400, height: 170, limits: lines },
    x: { kind: 'time', from: fromMs, until: untilMs },
    // The first of the table lie on top of the others.
    series: rows.toReversed().flatMap(({ color, curves: ofName }) =>
      ofName.map((curve): Series => {
        const pattern = patterns[columns.indexOf(curve.series)] ?? 'dotted';
        return { name: curve.name, color, pattern, points: pointsOf(curve, graph) };
      }),
    ),
  });
  return `<figure><figcaption>${escaped(title)}</figcaption>\n${svg}${drawTable(rows, columns)}</figure>`;
};

const peakOf = (curves: readonly Curve[]): number =>
  Math.max(...curves.flatMap(({ points }) => points.map(({ value }) => value)), 0);

/** Interrupted where a period has no value. */
const pointsOf = ({ points }: Curve, { periodMs }: Graph): Series['points'] =>
  points.flatMap(({ atMs, value }, index) => {
    const isAfterGap = atMs - (points[index - 1]?.atMs ?? atMs) > 1.5 * periodMs;
    return [...(isAfterGap ? [[atMs - periodMs, null] as const] : []), [atMs, value] as const];
  });

/** The latest values, all of the same time; names beyond those that have a color are folded away. */
const drawTable = (rows: readonly Row[], columns: readonly string[]): string => {
  const curves = rows.flatMap((row) => row.curves);
  const latestMs = Math.max(...curves.map(({ points }) => points.at(-1)?.atMs ?? -Infinity));
  const cell = (curve: Curve | undefined): string => {
    const last = curve?.points.at(-1);
    return `<td>${last?.atMs === latestMs ? brief(last.value) : '–'}`;
  };
  const drawRow = ({ name, color, curves: ofName }: Row): string =>
    `<tr><td><i style="background:${color}"></i>${escaped(name)}` +
    columns.map((column) => cell(ofName.find(({ series }) => series === column))).join('');
  const heads = columns.map(
    (column, at) => `<th><span class="${patterns[at] ?? 'dotted'}">${escaped(column)}</span>`,
  );
  const head = columns.some((column) => column !== '') ? `<tr><th>${heads.join('')}` : '';
  const shown = `<table>${head}${rows.slice(0, palette.length).map(drawRow).join('')}</table>`;
  const further = rows.slice(palette.length);
  if (further.length === 0) return shown;
  return `${shown}<details><summary>${further.length} more</summary><table>${further.map(drawRow).join('')}</table></details>`;
};
