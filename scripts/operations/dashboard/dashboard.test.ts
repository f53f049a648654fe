import { describe, expect, it } from '@jest/globals';
import type { Widget } from '../observability/dashboard-body.ts';
import { curveNames } from './curve-names.ts';
import { drawGraph } from './draw-graph.ts';
import { graphQueries, spanMs } from './graph-queries.ts';
import type { Curve, Graph } from './graph.ts';
import { brief } from './brief.ts';
import { readSpan } from './read-span.ts';

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

describe('readSpan', () => {
  it('is an hour, or what is asked for', () => {
    expect(readSpan(undefined)).toBe(3_600_000);
    expect(readSpan('15m')).toBe(900_000);
  });

  it.each(['1m', '25h', 'day'])('refuses %s', (SPAN) => {
    expect(() => readSpan(SPAN)).toThrow(`SPAN is "${SPAN}"`);
  });
});

describe('curveNames', () => {
  const query = (Id: string, Label: string) => ({ Id, Label, ReturnData: true });

  it('tells what was found apart from what it shares', () => {
    const names = curveNames([
      query('q0', "${PROP('Dim.Route')} p95"),
      query('q1', "5xx ${PROP('Dim.Route')}"),
      { Id: 'hidden', Label: 'hidden', ReturnData: false },
    ]);
    expect(names({ Id: 'q0', Label: 'GET /a p95' })).toEqual({ name: 'GET /a', series: 'p95' });
    expect(names({ Id: 'q1', Label: '5xx GET /a' })).toEqual({ name: 'GET /a', series: '5xx' });
    expect(names({ Id: 'q1', Label: 'other' })).toEqual({ name: 'other', series: '' });
  });

  it('leaves the labels of a graph as they are where one of them is a name of its own', () => {
    const names = curveNames([query('q0', 'store down'), query('q1', "by ${PROP('Dim.Rule')}")]);
    expect(names({ Id: 'q1', Label: 'by visitor' })).toEqual({ name: 'by visitor', series: '' });
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

  it('draws each value where it belongs, and its last one as a figure', () => {
    const svg = drawGraph({ ...graph, curves: [curve('p95', '', 0, 0, 1_234)] });
    expect(svg).toContain('d="M46.0 132.0L229.0 132.0L412.0 22.9"');
    expect(svg).not.toContain('<circle');
    expect(svg).toContain('p95<td>1,234');
  });

  it('draws no line through a time without data', () => {
    const points = [
      { atMs: 0, value: 1 },
      { atMs: 100, value: 1 },
    ];
    const svg = drawGraph({ ...graph, curves: [{ name: 'p95', series: '', points }] });
    expect(svg).toContain('d="M46.0 22.9M412.0 22.9"');
    expect(svg.match(/<circle/g)).toHaveLength(2);
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

  it('names a statistic that stands alone', () => {
    const svg = drawGraph({ ...graph, curves: [curve('GET /a', '4xx', 1)] });
    expect(svg).toMatch(/4xx<.*GET \/a<td>1/);
  });

  it('folds away the smallest of many', () => {
    const curves = Array.from({ length: 10 }, (_, index) => curve(`route ${index}`, '', index));
    const [shown = '', folded = ''] = drawGraph({ ...graph, curves }).split('<details>');
    expect(shown).toMatch(/route 9<.*route 2</);
    expect(folded).toMatch(/2 more.*route 1<.*route 0</);
  });

  it('says where there is nothing to draw', () => {
    const lines = [{ label: 'alarm', value: 5 }];
    expect(drawGraph({ ...graph, lines, curves: [curve('p95', '')] })).toContain('no data');
  });

  it('shows a hostile label as text', () => {
    const svg = drawGraph({ ...graph, curves: [curve('<script>"&', '<script>"&')] });
    expect(svg).toContain('&lt;script&gt;&quot;&amp;');
    expect(svg).not.toContain('<script>');
  });
});
