import { type Bar, barPanel, panelHeight } from './bar-panel.ts';
import type { Spread } from '../statistics.ts';
import type { Figures, FiguresByName } from './figures.ts';

const width = 880;
const panelWidth = 424;
const margin = 16;
const headHeight = 52;
const footHeight = 28;

const style = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .panel { font-size: 13px; font-weight: 600; }
  .quiet, .value { fill: #59636e; }
  .value { font-variant-numeric: tabular-nums; }
  .floor { fill: #9aa4b0; } .postern { fill: #0b7a75; } .peer { fill: #c8d1da; }
  .whisker { stroke: #1f2328; stroke-opacity: .55; }
  .own { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .quiet, .value { fill: #9198a1; }
    .floor { fill: #6b7683; } .postern { fill: #2fb8ad; } .peer { fill: #3d4752; }
    .whisker { stroke: #e6edf3; }
  }`;

/** Four panels of bars, drawn for light and dark pages alike; the background is the page's own. */
export const chartOf = (figures: FiguresByName, caption: string): string => {
  const all = Object.values(figures);
  const panels = [
    barPanel('Cold start: process start to first answer, ms', barsOf(all, coldMs), panelWidth),
    barPanel('Warm: CPU of a 1 KB request, µs', barsOf(all, cpuUs('json_1kb')), panelWidth),
    barPanel('Warm: CPU of 1 MB of JSON, ms', barsOf(all, cpuMs('json_1mb')), panelWidth),
    barPanel('Warm: memory after the warm-up, MB', barsOf(all, rssMb), panelWidth),
  ];
  const rowHeight = panelHeight(all.length) + margin;
  const height = headHeight + 2 * rowHeight + footHeight;
  const placed = panels.map((panel, index) => {
    const x = (index % 2) * (panelWidth + margin) + margin / 2;
    const y = headHeight + Math.floor(index / 2) * rowHeight;
    return `<g transform="translate(${x} ${y})">${panel}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<style>${style}</style>`,
    '<title id="title">Postern beside a bare handler, Hono, Express, Fastify and FastAPI</title>',
    `<text class="title" x="${margin / 2}" y="24">The same work, side by side</text>`,
    `<text class="quiet" x="${margin / 2}" y="${height - 10}">${escaped(caption)}</text>`,
    ...placed,
    '</svg>',
    '',
  ].join('\n');
};

type Read = (figures: Figures) => Spread | undefined;

const coldMs: Read = ({ cold }) => cold.first_answer_ms;
const cpuUs =
  (workload: 'json_1kb'): Read =>
  ({ warm }) =>
    warm?.[workload].cpu_us;
const cpuMs =
  (workload: 'json_1mb'): Read =>
  ({ warm }) =>
    scaled(warm?.[workload].cpu_us, 1 / 1000);
const rssMb: Read = ({ memory }) => {
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
    if (!spread) return [];
    const style = figures.kind.endsWith('peer') ? 'peer' : figures.kind;
    return [{ label: figures.title, style, ...spread }];
  });

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
