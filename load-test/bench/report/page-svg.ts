const margin = 16;
const headHeight = 52;
const footHeight = 28;

export const panelWidth = 424;
const width = 2 * (panelWidth + margin);

const style = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .panel { font-size: 13px; font-weight: 600; }
  .own { font-weight: 600; }
  .quiet, .value { fill: #59636e; }
  .value { font-variant-numeric: tabular-nums; }
  .floor { fill: #9aa4b0; stroke: #9aa4b0; }
  .postern { fill: #0b7a75; stroke: #0b7a75; }
  .peer { fill: #c8d1da; stroke: #c8d1da; }
  rect, .dot { stroke: none; }
  .line { fill: none; stroke-width: 2; }
  .grid { stroke: #59636e; stroke-opacity: .25; }
  .whisker { stroke: #1f2328; stroke-opacity: .55; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet, .value { fill: #9198a1; }
    .floor { fill: #6b7683; stroke: #6b7683; }
    .postern { fill: #2fb8ad; stroke: #2fb8ad; }
    .peer { fill: #3d4752; stroke: #3d4752; }
    .line { fill: none; }
    .whisker { stroke: #e6edf3; }
  }`;

interface PageOptions {
  readonly title: string;
  readonly caption: string;
  readonly panelHeight: number;
  readonly panels: readonly string[];
}

/** Panels in two columns, drawn for light and dark pages alike; the background is the page's own. */
export const pageSvg = ({ title, caption, panelHeight, panels }: PageOptions): string => {
  const rowHeight = panelHeight + margin;
  const height = headHeight + Math.ceil(panels.length / 2) * rowHeight + footHeight;
  const placed = panels.map((panel, index) => {
    const x = (index % 2) * (panelWidth + margin) + margin / 2;
    const y = headHeight + Math.floor(index / 2) * rowHeight;
    return `<g transform="translate(${x} ${y})">${panel}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<style>${style}</style>`,
    `<title id="title">${escaped(title)}</title>`,
    `<text class="title" x="${margin / 2}" y="24">${escaped(title)}</text>`,
    `<text class="quiet" x="${margin / 2}" y="${height - 10}">${escaped(caption)}</text>`,
    ...placed,
    '</svg>',
    '',
  ].join('\n');
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
