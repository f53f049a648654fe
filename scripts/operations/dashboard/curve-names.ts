import type { MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Curve } from './graph.ts';

const foundByName = /\$\{PROP\([^)]*\)\}/;

/** A graph of what SEARCH finds is a table: `${PROP('Dim.Route')} p95` has a row for each route, and a column `p95`. */
export const curveNames = (queries: readonly MetricDataQuery[]) => {
  const shown = queries.filter(({ ReturnData }) => ReturnData);
  const isTable = shown.every(({ Label = '' }) => foundByName.test(Label));
  const templates = new Map(shown.map(({ Id, Label = '' }) => [Id, Label]));
  return ({ Id, Label = '' }: MetricDataResult): Pick<Curve, 'name' | 'series'> => {
    const [before = '', after = ''] = (templates.get(Id) ?? '').split(foundByName);
    if (!isTable || !Label.startsWith(before) || !Label.endsWith(after))
      return { name: Label, series: '' };
    const name = Label.slice(before.length, Label.length - after.length);
    return { name, series: `${before}${after}`.trim() };
  };
};
