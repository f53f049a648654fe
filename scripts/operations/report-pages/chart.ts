import { BarChart as Bars, LineChart as Lines } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
} from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escaped } from './html.ts';

use([Bars, Lines, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent]);
use([TitleComponent, SVGRenderer]);

/** Tell apart by hue on light and on dark pages. */
export const palette = [
  ...['#1f6feb', '#d1610c', '#2a8a3e', '#a333c8', '#d6409f', '#0f8a8a', '#8a7700', '#7d8590'],
] as const;

export type Pattern = 'solid' | 'dashed' | 'dotted';

/** Values over a horizontal axis. `null` interrupts a line. */
export interface Series {
  readonly name: string;
  readonly color: string;
  readonly pattern?: Pattern;
  readonly points: ReadonlyArray<readonly [x: number, y: number | null]>;
}

export interface Chart {
  /** The text alternative of the picture. */
  readonly title: string;
  /** Of the vertical axis, which begins at 0 or below. */
  readonly unit: string;
  readonly width: number;
  readonly height: number;
  /** Time in epoch milliseconds, shown in UTC; or numbers, from 0 or on a logarithmic scale. */
  readonly x:
    | { readonly kind: 'time'; readonly from: number; readonly until: number }
    | { readonly kind: 'value' | 'log'; readonly label: string };
  /** `bars`: stacked, each as wide as this on the horizontal axis and beginning at its point. */
  readonly bars?: number;
  readonly hasLegend?: boolean;
  /** Every value as a dot. */
  readonly hasDots?: boolean;
  readonly series: readonly Series[];
  /** Horizontal lines. */
  readonly limits?: ReadonlyArray<{ readonly label: string; readonly value: number }>;
  /** Highlighted ranges of the horizontal axis. */
  readonly bands?: ReadonlyArray<{
    readonly label: string;
    readonly from: number;
    readonly until: number;
  }>;
}

/** An SVG without scripts, whose texts have the color of the page around it. */
export const drawChart = (chart: Chart): string => {
  const { title, unit, width, height, x, series, limits = [], hasLegend = false } = chart;
  const isEmpty = series.every(({ points }) => points.length === 0);
  const top = 28 + (hasLegend ? 20 : 0);
  return draw(title, width, height, {
    ...(isEmpty && { title: { text: 'no data', left: 'center', top: 'middle', textStyle } }),
    ...(hasLegend && {
      legend: {
        top: 0,
        left: margin.left,
        icon: 'roundRect',
        selectedMode: false,
        itemWidth: 12,
        itemHeight: 10,
        textStyle,
        itemGap: 28,
      },
    }),
    grid: { ...margin, top, bottom: 40, outerBoundsMode: 'none' },
    xAxis: { ...quietAxis, ...xAxisOf(x), nameLocation: 'middle', nameGap: 24 },
    yAxis: {
      ...quietAxis,
      type: 'value',
      name: unit,
      ...(isShare(chart) && { max: 100, interval: 50 }),
      nameGap: 12,
      nameTextStyle: { ...textStyle, align: 'left', padding: [0, 0, 0, 6 - margin.left] },
      splitNumber: Math.max(2, Math.round(height / 60)),
      axisLabel: { ...quietAxis.axisLabel, formatter: brief },
      axisLine: { show: false },
      splitLine: { show: true, lineStyle: faint },
    },
    series: [
      ...series.map((each) => (chart.bars ? barsOf(each, chart) : lineOf(each, chart))),
      ...limits.toSorted((a, b) => b.value - a.value).map(limitOf(chart)),
      ...bandsOf(chart),
    ],
  });
};

/** A percentage has no space above 100. */
const isShare = ({ unit, series }: Chart): boolean =>
  unit.startsWith('%') &&
  series.every(({ points }) => points.every(([, value]) => (value ?? 0) <= 100));

const margin = { left: 48, right: 26 };
const textStyle = { color: 'currentColor', fontSize: 11, fontWeight: 'normal' };
const faint = { color: 'currentColor', opacity: 0.15 };
const quietAxis = {
  nameTextStyle: textStyle,
  axisLabel: { ...textStyle, textBorderWidth: 0, hideOverlap: true },
  axisLine: { lineStyle: { color: 'currentColor', opacity: 0.4 } },
  axisTick: { show: false },
  splitLine: { show: false },
};

const xAxisOf = (x: Chart['x']) => {
  if (x.kind !== 'time')
    return {
      type: x.kind,
      name: x.label,
      ...(x.kind === 'log' && { min: 'dataMin', max: 'dataMax' }),
      axisLabel: { ...quietAxis.axisLabel, formatter: brief },
    };
  const [day] = new Date(x.from).toISOString().split('T');
  return {
    type: 'time',
    name: `time in UTC, from ${day}`,
    min: x.from,
    max: x.until,
    containShape: false,
    splitNumber: 4,
    axisLabel: { ...quietAxis.axisLabel, formatter: clock },
  };
};

const minutes = '{HH}:{mm}';
const seconds = '{HH}:{mm}:{ss}';
const clock = {
  ...{ year: '{MMM} {d}', month: '{MMM} {d}', day: '{MMM} {d}' },
  ...{ hour: minutes, minute: minutes, second: seconds, millisecond: seconds },
};

const lineOf = ({ name, color, pattern, points }: Series, { hasDots = false }: Chart) => {
  const isGap = (index: number) => (points[index]?.[1] ?? null) === null;
  const isAlone = (index: number) => isGap(index - 1) && isGap(index + 1);
  return {
    type: 'line',
    name,
    silent: true,
    color,
    lineStyle: { width: 1.5, type: pattern ?? 'solid' },
    symbolSize: 5,
    data: points.map((value, index) => ({
      value,
      symbol: hasDots || isAlone(index) ? 'circle' : 'none',
    })),
  };
};

const barsOf = ({ name, color, points }: Series, { x, width, bars = 0 }: Chart) => ({
  type: 'bar',
  name,
  silent: true,
  color,
  stack: 'all',
  barWidth:
    x.kind === 'time'
      ? Math.max(1, ((width - margin.left - margin.right) * bars) / (x.until - x.from) - 1)
      : undefined,
  data: points.map(([at, value]) => [at + bars / 2, value]),
});

/** The highest is above its line. Labels never overlap. */
const labelPosition = (value: number, index: number, highest: number): string => {
  const place = ['insideEnd', 'insideStart', 'insideMiddle'][index % 3] ?? '';
  return `${place}${index > 0 && value > highest / 2 ? 'Bottom' : 'Top'}`;
};

/** A separate series, so that the vertical axis includes it. */
const limitOf =
  ({ x, limits = [] }: Chart) =>
  ({ label, value }: { readonly label: string; readonly value: number }, index: number) => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    data: x.kind === 'time' ? [[x.from, value]] : [],
    markLine: {
      symbol: 'none',
      animation: false,
      lineStyle: { color: '#c0222c', type: 'dashed', width: 1 },
      label: {
        ...textStyle,
        textBorderWidth: 0,
        position: labelPosition(value, index, Math.max(...limits.map((limit) => limit.value))),
        formatter: () => label,
      },
      data: [{ yAxis: value }],
    },
  });

const bandsOf = ({ bands = [] }: Chart) =>
  bands.length === 0
    ? []
    : [
        {
          type: 'line',
          silent: true,
          data: [],
          markArea: {
            z: 10, // Frames above the bars, which may fill the height, so that their colors are unchanged.
            itemStyle: { color: 'transparent', borderColor: 'currentColor', borderWidth: 1.5 },
            label: { ...textStyle, textBorderWidth: 0, position: 'top' },
            data: bands.map(({ label, from, until }) => [
              { name: label, xAxis: from },
              { xAxis: until },
            ]),
          },
        },
      ];

interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly width: number;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly name: string;
  readonly color: string;
  readonly value: number;
  /** What is drawn over the bar as a thin line. */
  readonly low: number;
  readonly high: number;
}

/** Horizontal bars from 0, each with its value as a figure. */
export const drawBars = ({ title, unit, width, bars }: BarChart): string =>
  draw(title, width, 52 + bars.length * 24, {
    grid: {
      left: 20 + 6 * Math.max(...bars.map(({ name }) => name.length)),
      right: 52,
      top: 8,
      bottom: 40,
      outerBoundsMode: 'none',
    },
    xAxis: {
      ...quietAxis,
      type: 'value',
      name: unit,
      nameLocation: 'middle',
      nameGap: 24,
      splitNumber: 4,
      axisLabel: { ...quietAxis.axisLabel, formatter: brief },
      splitLine: { show: true, lineStyle: faint },
    },
    yAxis: [bars.map(({ name }) => name), bars.map(({ value }) => brief(value))].map((data) => ({
      ...{ type: 'category', inverse: true, data },
      axisLabel: { ...textStyle, interval: 0 },
      axisLine: { show: false },
      axisTick: { show: false },
    })),
    series: {
      type: 'bar',
      silent: true,
      barWidth: 14,
      data: bars.map(({ value, color }) => ({ value, itemStyle: { color } })),
      markLine: {
        symbol: 'none',
        label: { show: false },
        lineStyle: { color: 'currentColor', type: 'solid', width: 1, opacity: 0.6 },
        data: bars.map(({ low, high }, at) => [{ coord: [low, at] }, { coord: [high, at] }]),
      },
    },
  });

const draw = (title: string, width: number, height: number, option: EChartsCoreOption): string => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height, locale: 'EN' });
  chart.setOption({
    animation: false,
    useUTC: true,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    ...option,
  });
  const svg = chart.renderToSVGString({ useViewBox: true });
  chart.dispose();
  return svg.replace('<svg', `<svg role="img" aria-label="${escaped(title)}"`);
};

/** Short enough for the room beside an axis: 1.77M, 12,345, 0.25, 4.4e-5. */
export const brief = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 100_000) return compact.format(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en');
  return size > 0 && size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
};

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
