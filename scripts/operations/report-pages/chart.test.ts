import { describe, expect, it } from '@jest/globals';
import { brief, type Chart, drawBars, drawChart } from './chart.ts';

const fromMs = Date.parse('2026-11-28T20:00:00Z');
const minuteMs = 60_000;
const series = (color: string, ...values: ReadonlyArray<number | null>) => ({
  name: color,
  color,
  points: values.map((value, index) => [fromMs + index * 10 * minuteMs, value] as const),
});
const chart = (more: Partial<Chart>): string =>
  drawChart({
    ...{ title: 'T', unit: 'ms', width: 400, height: 170, series: [] },
    x: { kind: 'time', from: fromMs, until: fromMs + 40 * minuteMs },
    ...more,
  });

/** Where a text is. */
const placeOf = (svg: string, text: string): readonly [number, number] => {
  const found = new RegExp(`translate\\(([\\d.]+) ([\\d.]+)\\)"[^>]*>${text}<`).exec(svg);
  return [Number(found?.[1]), Number(found?.[2])];
};
/** The corners of the line in this color. */
const lineOf = (svg: string, color: string) => {
  const path = new RegExp(`<path d="([^"]+)" fill="none"[^>]*stroke="${color}"`).exec(svg)?.[1];
  return [...(path ?? '').matchAll(/([ML ])(-?[\d.]+) (-?[\d.]+)/g)].map(
    ([, command, x, y]) => [command === 'M' ? 'M' : 'L', Number(x), Number(y)] as const,
  );
};
const countOf = (svg: string, part: RegExp): number => [...svg.matchAll(part)].length;

describe('drawChart', () => {
  it('draws each value at the height and the time that the axes show', () => {
    const svg = chart({ series: [series('#123456', 0, 1_000, 3_000)] });
    const [, [, x, y] = [], [, lastX, lastY] = []] = lineOf(svg, '#123456');
    const [labelX] = placeOf(svg, '20:10');
    const [, labelY] = placeOf(svg, '1,000');
    expect(x).toBeCloseTo(labelX, 0);
    expect(y).toBeCloseTo(labelY, 0);
    expect(lastX).toBeCloseTo(placeOf(svg, '20:20')[0], 0);
    expect(lastY).toBeCloseTo(placeOf(svg, '3,000')[1], 0);
  });

  it('names the unit and the time zone with its day', () => {
    const svg = chart({ unit: '% of requests', series: [series('#123456', 50)] });
    expect(svg).toContain('>% of requests<');
    expect(svg).toContain('>time in UTC, from 2026-11-28<');
  });

  it('ends the axis of a percentage at 100', () => {
    const svg = chart({ unit: '%', series: [series('#123456', 99.9, 100)] });
    expect(svg).toContain('>100<');
    expect(svg).not.toContain('>120<');
    expect(chart({ unit: '%', series: [series('#123456', 110)] })).toContain('>120<');
  });

  it('interrupts a line at missing values, and shows a single value as a dot', () => {
    const svg = chart({ series: [series('#123456', 1, 2, null, 1)] });
    expect(lineOf(svg, '#123456').map(([command]) => command)).toEqual(['M', 'L', 'M']);
    expect(countOf(svg, /ecmeta_data_index/g)).toBe(1);
  });

  it('draws every series, in its color and pattern', () => {
    const dashed = { ...series('#abcdef', 2, 3), pattern: 'dashed' as const };
    const svg = chart({ series: [series('#123456', 1, 2), dashed] });
    expect(lineOf(svg, '#123456')).toHaveLength(2);
    expect(svg).toMatch(/stroke="#abcdef"[^>]*stroke-dasharray/);
  });

  it('stretches the axis to a limit, and labels it', () => {
    const limits = [
      { label: 'alarm, p95', value: 1_000 },
      { label: 'alarm, p99', value: 3_000 },
    ];
    const svg = chart({ series: [series('#123456', 1)], limits });
    expect(placeOf(svg, 'alarm, p99')[1]).toBeLessThan(placeOf(svg, 'alarm, p95')[1]);
    expect(svg).toContain('>3,000<');
  });

  it('stacks bars over their times, with their legend and bands', () => {
    const svg = chart({
      unit: 'requests/s',
      ...{ bars: 10 * minuteMs, hasLegend: true },
      series: [series('#111111', 10, 10, 10, 10), series('#222222', 30, 0, 0, 0)],
      bands: [{ label: 'error', from: fromMs, until: fromMs + 10 * minuteMs }],
    });
    expect(svg).toContain('>#222222<');
    expect(svg).toContain('>error<');
    // Over the bars, which it would otherwise be hidden by.
    expect(svg.search(/stroke="currentColor" stroke-width="1.5"/)).toBeGreaterThan(
      svg.lastIndexOf('fill="#222222" ecmeta_series_index="1"'),
    );
    expect(svg).toContain('>40<');
    const bars = [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)l[^"]*" fill="#111111"/g)];
    expect(Number(bars[1]?.[1])).toBeCloseTo(placeOf(svg, '20:10')[0], -1);
    const tops = [...svg.matchAll(/<path d="M[\d.]+ [\d.]+l[\d.]+ 0l0 (-[\d.]+)[^"]*" fill="#2/g)];
    expect(tops).toHaveLength(1);
  });

  it('says that there is no data', () => {
    expect(chart({})).toContain('>no data<');
    expect(chart({ series: [series('#123456', 1)] })).not.toContain('no data');
  });

  it('shows hostile texts as text', () => {
    const hostile = '<script>"&';
    const svg = chart({
      ...{ title: hostile, unit: hostile, hasLegend: true },
      series: [{ ...series('#123456', 1, 2), name: hostile }],
      limits: [{ label: hostile, value: 1 }],
      bands: [{ label: hostile, from: fromMs, until: fromMs + 1 }],
    });
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('aria-label="&lt;script&gt;&quot;&amp;"');
  });
});

describe('drawBars', () => {
  it('gives each bar its name, its length on the axis and its value', () => {
    const bar = (name: string, color: string, value: number) => ({
      ...{ name, color, value, low: value - 10, high: value + 10 },
    });
    const bars = [bar('Postern', '#111111', 100), bar('FastAPI', '#222222', 1_234)];
    const svg = drawBars({ title: 'T', unit: 'ms', width: 424, bars });
    expect(svg).toMatch(/>Postern<.*>FastAPI</s);
    expect(svg).toMatch(/>100<.*>1,234</s);
    expect(svg).toContain('>ms<');
    const lengths = ['#111111', '#222222'].map((color) =>
      Number(
        new RegExp(`<path d="M[\\d.]+ [\\d.]+l([\\d.]+)[^"]*" fill="${color}"`).exec(svg)?.[1],
      ),
    );
    expect((lengths[1] ?? 0) / (lengths[0] ?? 1)).toBeCloseTo(12.34, 0);
  });
});

describe('brief', () => {
  it.each([
    [1_234_567.8, '1.23M'],
    [12_345.6, '12,346'],
    [99.95, '100'],
    [0.1234, '0.123'],
    [0.0000437, '4.4e-5'],
    [0, '0'],
    [-100, '-100'],
  ])('%d', (value, text) => {
    expect(brief(value)).toBe(text);
  });
});
