import type { Spread } from '../statistics.ts';

export interface Bar extends Spread {
  readonly label: string;
  /** Class of the bar's colour. */
  readonly style: string;
}

const rowHeight = 24;
const barHeight = 14;
const headHeight = 28;
const labelWidth = 158;
const valueWidth = 60;

export const panelHeight = (bars: number): number => headHeight + bars * rowHeight;

/** Horizontal bars from zero, each with its median in figures and the quarters as a whisker. */
export const barPanel = (title: string, bars: readonly Bar[], width: number): string => {
  const longest = Math.max(...bars.map(({ median, p75 }) => Math.max(median, p75)));
  const scale = (width - labelWidth - valueWidth) / longest;
  const rows = bars.map((bar, index) => row(bar, headHeight + index * rowHeight, scale));
  return [`<text class="panel" x="0" y="14">${title}</text>`, ...rows].join('');
};

const row = ({ label, style, median, p25, p75 }: Bar, top: number, scale: number): string => {
  const middle = top + barHeight / 2;
  const baseline = middle + 4;
  const end = labelWidth + Math.max(median, p75) * scale;
  const [from, to] = [p25, p75].map((value) => (labelWidth + value * scale).toFixed(1));
  const weight = style === 'postern' ? ' class="own"' : '';
  return [
    `<text x="${labelWidth - 8}" y="${baseline}" text-anchor="end"${weight}>${label}</text>`,
    `<rect class="${style}" x="${labelWidth}" y="${top}" width="${(median * scale).toFixed(1)}" height="${barHeight}" rx="2"/>`,
    `<line class="whisker" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}"/>`,
    `<text class="value" x="${(end + 8).toFixed(1)}" y="${baseline}">${figure(median)}</text>`,
  ].join('');
};

const figure = (value: number): string =>
  value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
