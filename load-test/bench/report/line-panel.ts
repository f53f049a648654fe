export interface Line {
  readonly label: string;
  /** Class of the line's colour. */
  readonly style: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export const panelHeight = 190;

const left = 48;
const right = 24;
const top = 34;
const bottom = 36;

/** Lines over an axis that is logarithmic unless told; the other one starts at zero. */
export const linePanel = (
  title: string,
  unit: string,
  lines: readonly Line[],
  width: number,
  scale: (x: number) => number = Math.log10,
): string => {
  const all = lines.flatMap(({ points }) => points);
  const xs = all.map(([x]) => x);
  const highest = niceCeiling(Math.max(...all.map(([, y]) => y)));
  const [first, last] = [scale(Math.min(...xs)), scale(Math.max(...xs))];
  const place = ([x, y]: readonly [number, number]): string => {
    const across = (scale(x) - first) / (last - first);
    const px = left + across * (width - left - right);
    const py = panelHeight - bottom - (y / highest) * (panelHeight - top - bottom);
    return `${px.toFixed(1)},${py.toFixed(1)}`;
  };
  const ticks = [...new Set(lines[0]?.points.map(([x]) => x))];
  return [
    `<text class="panel" x="0" y="14">${title}</text>`,
    ...[0, highest / 2, highest].map((value) => gridLine(value, highest, width)),
    ...withRoom(ticks.map((x) => ({ x, at: place([x, 0]) }))).map(({ x, at }) => tick(x, at)),
    `<text class="quiet" x="${width - right}" y="${panelHeight - 4}" text-anchor="end">${unit}</text>`,
    ...lines.map((line) => drawn(line, place)),
    ...(lines.length > 1 ? lines.map(legend) : []),
  ].join('');
};

const leastTickGap = 40;

/** Those whose labels do not touch; the last one is always shown. */
const withRoom = <T extends { readonly at: string }>(ticks: readonly T[]): readonly T[] => {
  let next = Number.POSITIVE_INFINITY;
  return ticks.toReversed().filter(({ at }) => {
    const isFree = next - parseFloat(at) >= leastTickGap;
    if (isFree) next = parseFloat(at);
    return isFree;
  });
};

const drawn = ({ style, points }: Line, place: (point: readonly [number, number]) => string) => {
  const dots = points.map((point) => {
    const [x, y] = place(point).split(',');
    return `<circle class="dot ${style}" cx="${x}" cy="${y}" r="3"/>`;
  });
  return `<polyline class="line ${style}" points="${points.map(place).join(' ')}"/>${dots.join('')}`;
};

const gridLine = (value: number, highest: number, width: number): string => {
  const y = (panelHeight - bottom - (value / highest) * (panelHeight - top - bottom)).toFixed(1);
  return [
    `<line class="grid" x1="${left}" x2="${width - right}" y1="${y}" y2="${y}"/>`,
    `<text class="value" x="${left - 6}" y="${Number(y) + 4}" text-anchor="end">${short(value)}</text>`,
  ].join('');
};

const tick = (value: number, at: string): string => {
  const [x, y] = at.split(',');
  return `<text class="value" x="${x}" y="${Number(y) + 16}" text-anchor="middle">${short(value)}</text>`;
};

const legend = ({ label, style }: Line, index: number): string => {
  const x = left + 8 + index * 150;
  return `<circle class="dot ${style}" cx="${x}" cy="${top - 8}" r="4"/><text class="quiet" x="${x + 8}" y="${top - 4}">${label}</text>`;
};

const short = (value: number): string => {
  if (value >= 1_000_000) return `${Math.round(value / 100_000) / 10}M`;
  if (value >= 1_000) return `${Math.round(value / 100) / 10}k`;
  return String(Math.round(value * 100) / 100);
};

const niceCeiling = (value: number): number => {
  const magnitude = 10 ** Math.floor(Math.log10(value || 1));
  return ([1, 2, 4, 5, 10].find((step) => step * magnitude >= value) ?? 10) * magnitude;
};
