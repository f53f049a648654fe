import { describe, expect, it } from '@jest/globals';
import type { Widget } from '../observability/dashboard-body.ts';
import { drawGraph } from './draw-graph.ts';
import { graphQueries, spanMs } from './graph-queries.ts';

const widget = (start?: string): Widget => ({
  x: 0,
  y: 0,
  width: 8,
  height: 6,
  properties: {
    title: 'Errors',
    period: 300,
    ...(start === undefined ? {} : { start }),
    metrics: [
      ['AWS/Lambda', 'Errors', 'FunctionName', 'f', { id: 'errors', stat: 'Sum', visible: false }],
      [{ expression: 'errors * 2', label: 'twice' }],
    ],
    yAxis: { left: { label: 'a minute' } },
    annotations: {},
  },
});

describe('graphQueries', () => {
  it('asks for each metric and expression of a graph', () => {
    const Metric = {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'f' }],
    };
    expect(graphQueries(widget())).toEqual([
      {
        Id: 'errors',
        Label: 'errors',
        ReturnData: false,
        MetricStat: { Metric, Period: 300, Stat: 'Sum' },
      },
      { Id: 'q1', Label: 'twice', ReturnData: true, Expression: 'errors * 2', Period: 300 },
    ]);
  });

  it('looks as far back as the graph says', () => {
    expect(spanMs(widget('-P30D'), 1)).toBe(30 * 86_400_000);
    expect(spanMs(widget(), 1)).toBe(1);
  });
});

describe('drawGraph', () => {
  const graph = { title: 'T', unit: 'ms', fromMs: 0, untilMs: 100, lines: [], curves: [] };

  it('draws each value where it belongs, and its last one as a figure', () => {
    const points = [
      { atMs: 0, value: 0 },
      { atMs: 100, value: 1_234 },
    ];
    const svg = drawGraph({ ...graph, curves: [{ label: 'p95', points }] });
    expect(svg).toContain('points="48.0,132.0 412.0,21.1"');
    expect(svg).toContain('p95 <b>1,234</b>');
  });

  it('says where there is nothing to draw', () => {
    expect(drawGraph(graph)).toContain('no data');
  });

  it('shows a hostile label as text', () => {
    const svg = drawGraph({ ...graph, curves: [{ label: '<script>"&', points: [] }] });
    expect(svg).toContain('&lt;script&gt;&quot;&amp;');
    expect(svg).not.toContain('<script>');
  });
});
