import {
  type Bar,
  type Chart,
  drawBars,
  drawChart,
} from '../../../scripts/operations/report-pages/chart.ts';
import { escaped } from '../../../scripts/operations/report-pages/html.ts';
import type { Growth } from '../growth/growth.ts';
import type { Spread } from '../statistics.ts';
import type { Figures, FiguresByName } from './figures.ts';

const own = '#12908a';
const floor = '#8b949e';
const peer = '#8fb8de';

const margin = 16;
const panelWidth = 424;
const panelHeight = 200;
const titleHeight = 24;
const headHeight = 48;
const footHeight = 28;

/** Postern beside the other candidates. */
export const benchChart = (figures: FiguresByName, caption: string): string => {
  const all = Object.values(figures);
  const panel = (title: string, unit: string, read: Read): Panel => ({
    title,
    svg: drawBars({ title, unit, width: panelWidth, bars: barsOf(all, read) }),
    height: 52 + all.length * 24,
  });
  return chartPage('The same work, side by side', caption, [
    panel(
      'Cold start: process start to first response',
      'ms',
      ({ cold }) => cold.first_response_ms,
    ),
    panel('Warm: CPU of a 1 KB request', 'µs', ({ warm }) => warm?.json_1kb.cpu_us),
    panel('Warm: CPU of 1 MB of JSON', 'ms', ({ warm }) => scaled(warm?.json_1mb.cpu_us, 1 / 1000)),
    panel('Memory (RSS) after the warm-up', 'MiB', rssMib),
  ]);
};

type Read = (figures: Figures) => Spread | undefined;

const rssMib: Read = ({ memory }) => {
  const bytes = memory?.after_warm_up.rss_bytes;
  return bytes === undefined
    ? undefined
    : scaled({ median: bytes, p25: bytes, p75: bytes }, 1 / 1_048_576);
};

const scaled = (spread: Spread | undefined, by: number): Spread | undefined =>
  spread && { median: spread.median * by, p25: spread.p25 * by, p75: spread.p75 * by };

const barsOf = (all: readonly Figures[], read: Read): readonly Bar[] =>
  all.flatMap((figures) => {
    const spread = read(figures);
    const { title: name, kind } = figures;
    const color = kind === 'postern' ? own : kind === 'floor' ? floor : peer;
    if (spread === undefined) return [];
    return [{ name, color, value: spread.median, low: spread.p25, high: spread.p75 }];
  });

/** What more routes, clients, bytes and environments cost. */
export const growthChart = (growth: Growth, caption: string): string => {
  const { routes, keys, bodies, environments } = growth;
  return chartPage('What grows, and what stays', caption, [
    lines('Finding the route', 'µs', 'routes in the contract (logarithmic)', {
      Postern: routes.map(({ routes: count, match_us }) => [count, match_us]),
    }),
    lines('Memory of the rate limiter', 'MiB', 'clients seen by one environment (logarithmic)', {
      Postern: keys.map(({ keys: count, heap_mb }) => [count, heap_mb]),
    }),
    lines('CPU of a request', 'ms', 'size of the response, MiB', {
      Postern: bodies.map((each) => [each.bytes / 1_048_576, each.postern_cpu_us / 1000]),
      'One node:http request': bodies.map((each) => [
        each.bytes / 1_048_576,
        each.floor_cpu_us / 1000,
      ]),
    }),
    lines(
      'Writes for one key at 1,000 requests/s',
      'writes/s',
      'environments that share it (logarithmic)',
      { Postern: environments.map((each) => [each.environments, each.hot_writes_per_second]) },
    ),
  ]);
};

const lines = (
  title: string,
  unit: string,
  label: string,
  byName: Readonly<Record<string, Chart['series'][number]['points']>>,
): Panel => ({
  title,
  height: panelHeight,
  svg: drawChart({
    ...{ title, unit, width: panelWidth, height: panelHeight, hasDots: true },
    x: { kind: label.endsWith('(logarithmic)') ? 'log' : 'value', label },
    hasLegend: Object.keys(byName).length > 1,
    series: Object.entries(byName).map(([name, points]) => ({
      ...{ name, points, color: name === 'Postern' ? own : floor },
    })),
  }),
});

interface Panel {
  readonly title: string;
  readonly svg: string;
  readonly height: number;
}

const style = `svg{color:#1f2328;font:13px system-ui,sans-serif}text{fill:currentColor}
@media (prefers-color-scheme:dark){svg{color:#e6edf3}}`;

/** Panels in two columns; text follows the reader's color scheme, the background is that of the page around it. */
const chartPage = (title: string, caption: string, panels: readonly Panel[]): string => {
  const rowHeight = titleHeight + margin + Math.max(...panels.map(({ height }) => height));
  const width = 2 * (panelWidth + margin);
  const height = headHeight + Math.ceil(panels.length / 2) * rowHeight + footHeight;
  const text = (x: number, y: number, content: string, weight = 600): string =>
    `<text x="${x}" y="${y}" font-weight="${weight}">${escaped(content)}</text>`;
  const placed = panels.map((panel, index) => {
    const x = (index % 2) * (panelWidth + margin) + margin / 2;
    const y = headHeight + Math.floor(index / 2) * rowHeight;
    const svg = panel.svg.replace('<svg', `<svg x="${x}" y="${y + titleHeight}"`);
    return `${text(x, y + 14, panel.title)}${svg}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<style>${style}</style><title id="title">${escaped(title)}</title>`,
    `<text x="${margin / 2}" y="24" font-size="16" font-weight="600">${escaped(title)}</text>`,
    text(margin / 2, height - 10, caption, 400),
    ...placed,
    '</svg>\n',
  ].join('\n');
};
