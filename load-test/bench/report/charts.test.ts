import { describe, expect, it } from '@jest/globals';
import type { Growth } from '../growth/growth.ts';
import { benchChart, growthChart } from './charts.ts';
import type { Figures, FiguresByName } from './figures.ts';

const spread = (median: number) => ({ median, p25: median * 0.9, p75: median * 1.1 });
const warm = (cpuUs: number) => ({ cpu_us: spread(cpuUs) });
const candidate = (title: string, kind: Figures['kind']) => ({
  ...{ title, kind },
  cold: { first_response_ms: spread(78) },
  warm: { json_1kb: warm(838), json_1mb: warm(2_183) },
  memory: { after_warm_up: { rss_bytes: 134 * 1_048_576 } },
});
const figures = {
  bare: { ...candidate('Bare handler', 'floor'), warm: undefined, memory: undefined },
  postern: candidate('Postern', 'postern'),
  hono: candidate('Hono <4', 'node peer'),
} as unknown as FiguresByName;

const growth = {
  routes: [10, 100, 1_000].map((routes) => ({ routes, match_us: 0.15 })),
  keys: [1, 1_000].map((keys) => ({ keys, heap_mb: 0.4 })),
  bodies: [1, 2].map((mib) => ({
    ...{ bytes: mib * 1_048_576, postern_cpu_us: 3_000 * mib, floor_cpu_us: 2_000 * mib },
  })),
  environments: [1, 200].map((environments) => ({ environments, hot_writes_per_second: 1_050 })),
} as unknown as Growth;

const countOf = (svg: string, text: string): number => svg.split(`>${text}<`).length - 1;

describe('benchChart', () => {
  const svg = benchChart(figures, 'Xeon <2 cores>');

  it('shows the medians of each candidate in the unit of its axis', () => {
    expect([78, 838, 2.18, 134].map((value) => countOf(svg, String(value)))).toEqual([3, 2, 2, 2]);
    expect(['ms', 'µs', 'MiB'].map((unit) => countOf(svg, unit))).toEqual([2, 1, 1]);
    expect(['Bare handler', 'Postern'].map((name) => countOf(svg, name))).toEqual([1, 4]);
  });

  it('shows names and the caption as text', () => {
    expect(countOf(svg, 'Hono &lt;4')).toBe(4);
    expect(svg).toContain('Xeon &lt;2 cores&gt;');
  });
});

describe('growthChart', () => {
  const svg = growthChart(growth, 'Xeon');

  it('names the unit of both axes of each panel', () => {
    for (const text of ['µs', 'MiB', 'ms', 'writes/s', 'size of the response, MiB'])
      expect(countOf(svg, text)).toBe(1);
    expect(countOf(svg, 'routes in the contract (logarithmic)')).toBe(1);
  });

  it('draws milliseconds, not microseconds, over MiB, not bytes', () => {
    expect(countOf(svg, '6')).toBe(1);
    expect(countOf(svg, '2')).toBeGreaterThan(0);
    expect(svg).not.toMatch(/>6,000<|>2\.1M</);
  });

  it('names the lines if there are two', () => {
    expect(countOf(svg, 'Postern')).toBe(1);
    expect(countOf(svg, 'One node:http request')).toBe(1);
  });
});
