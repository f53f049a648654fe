import { describe, expect, it } from '@jest/globals';
import type { Widget } from '../observability/dashboard-body.ts';
import { drawGraph, drawPage } from './draw-page.ts';
import { type Curve, curveNames, type Graph, graphQueries, spanMs } from './read-graph.ts';

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
  it('queries each metric and expression of a graph', () => {
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

  it('uses the span of the graph, or the default', () => {
    expect(spanMs(widget('-P30D'), 1)).toBe(30 * 86_400_000);
    expect(spanMs(widget(), 1)).toBe(1);
  });
});

describe('curveNames', () => {
  const query = (Id: string, Label: string) => ({ Id, Label, ReturnData: true });

  it('separates the name that SEARCH found from the label that all share', () => {
    const names = curveNames([
      query('q0', "${PROP('Dim.Route')} p95"),
      query('q1', "5xx ${PROP('Dim.Route')}"),
      { Id: 'hidden', Label: 'hidden', ReturnData: false },
    ]);
    expect(names({ Id: 'q0', Label: 'GET /a p95' })).toEqual({ name: 'GET /a', series: 'p95' });
    expect(names({ Id: 'q1', Label: '5xx GET /a' })).toEqual({ name: 'GET /a', series: '5xx' });
    expect(names({ Id: 'q1', Label: 'other' })).toEqual({ name: 'other', series: '' });
  });

  it('leaves the labels of a graph unchanged if one of them is fixed', () => {
    const names = curveNames([query('q0', 'store down'), query('q1', "by ${PROP('Dim.Rule')}")]);
    expect(names({ Id: 'q1', Label: 'by visitor' })).toEqual({ name: 'by visitor', series: '' });
  });
});

describe('drawGraph', () => {
  const graph: Graph = {
    title: 'T',
    unit: 'ms',
    fromMs: 0,
    untilMs: 100,
    periodMs: 50,
    lines: [],
    curves: [],
  };
  const curve = (name: string, series: string, ...values: readonly number[]): Curve => ({
    name,
    series,
    points: values.map((value, index) => ({ atMs: index * 50, value })),
  });

  /** The corners of each drawn line. */
  const linesOf = (svg: string) =>
    [
      ...svg.matchAll(
        /<path d="(M[^"]+)" fill="none" [^>]*clip|<g clip-path[^>]*>\n<path d="([^"]+)"/g,
      ),
    ].map(([, one, other]) => one ?? other);

  it('draws each curve, and its last value as a figure', () => {
    const svg = drawGraph({ ...graph, curves: [curve('p95', '', 0, 0, 1_234)] });
    expect(linesOf(svg)).toHaveLength(1);
    expect(svg).toContain('>ms<');
    expect(svg).toContain('p95<td>1,234');
  });

  it('draws no line through a time without data', () => {
    const points = [0, 50, 150, 200].map((atMs) => ({ atMs, value: 1 }));
    const svg = drawGraph({
      ...graph,
      untilMs: 200,
      curves: [{ name: 'p95', series: '', points }],
    });
    expect(linesOf(svg)[0]?.match(/M/g)).toHaveLength(2);
  });

  it('has a row for each route and a column for each statistic', () => {
    const curves = [
      curve('GET /a', 'p50', 1),
      curve('GET /b', 'p50', 2),
      curve('GET /a', 'p99', 3),
    ];
    const svg = drawGraph({ ...graph, curves });
    expect(svg).toMatch(/p50<.*p99<.*GET \/a<td>1<td>3<.*GET \/b<td>2<td>–/);
  });

  it('shows no figure of an earlier moment beside the latest', () => {
    const svg = drawGraph({ ...graph, curves: [curve('a', '', 1, 2), curve('b', '', 7)] });
    expect(svg).toMatch(/a<td>2<.*b<td>–/);
  });

  it('names a statistic without others', () => {
    const svg = drawGraph({ ...graph, curves: [curve('GET /a', '4xx', 1)] });
    expect(svg).toMatch(/4xx<.*GET \/a<td>1/);
  });

  it('folds away the smallest of many', () => {
    const curves = Array.from({ length: 10 }, (_, index) => curve(`route ${index}`, '', index));
    const [shown = '', folded = ''] = drawGraph({ ...graph, curves }).split('<details>');
    expect(shown).toMatch(/route 9<.*route 2</);
    expect(folded).toMatch(/2 more.*route 1<.*route 0</);
  });

  it('says if there is no data', () => {
    const lines = [{ label: 'alarm', value: 5 }];
    expect(drawGraph({ ...graph, lines, curves: [curve('p95', '')] })).toContain('no data');
  });

  it('shows a hostile label as text', () => {
    const svg = drawGraph({ ...graph, curves: [curve('<script>"&', '<script>"&')] });
    expect(svg).toContain('&lt;script&gt;&quot;&amp;');
    expect(svg).not.toContain('<script>');
  });
});

describe('drawPage', () => {
  it('shows each graph and the state of each alarm, with the time in UTC', () => {
    const html = drawPage({
      ...{ name: 'postern-dev', atMs: Date.parse('2026-11-28T20:00:00Z') },
      graphs: [],
      alarms: [{ name: 'api-5xx-rate', state: 'ALARM' }],
    });
    expect(html).toContain('postern-dev <small>2026-11-28 20:00 UTC</small>');
    expect(html).toContain('<span class="ALARM" title="ALARM">api-5xx-rate</span>');
  });
});
