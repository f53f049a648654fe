import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '../../../handler/src/http/gateway-error.ts';
import {
  gatewayWith,
  route,
  send,
  signedIn,
  tokenOfAlice,
} from '../../../handler/testing/gateway-with.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { metricsOfAlarm, metricsOfDashboard, queryFields, unknownMetrics } from './metrics-read.ts';

const alarm = (Namespace: string, MetricName: string, ...names: readonly string[]) =>
  metricsOfAlarm({
    AlarmName: 'alarm',
    Namespace,
    MetricName,
    Dimensions: names.map((Name) => ({ Name, Value: 'x' })),
  });

const dashboard = (...row: ReadonlyArray<string | object>) =>
  metricsOfDashboard({
    widgets: [
      {
        x: 0,
        y: 0,
        width: 8,
        height: 6,
        properties: {
          title: 'graph',
          period: 60,
          metrics: [row],
          yAxis: { left: { label: '' } },
          annotations: {},
        },
      },
    ],
  });

describe('unknownMetrics', () => {
  it('accepts metrics of AWS and of the function', () => {
    expect(unknownMetrics(alarm('AWS/ApiGateway', '5xx', 'Stage', 'ApiId'))).toEqual([]);
    expect(
      unknownMetrics(alarm('Postern', 'BreakerOpenings', 'Gateway', 'Environment', 'Upstream')),
    ).toEqual([]);
    expect(unknownMetrics(dashboard('AWS/Lambda', 'Errors', 'FunctionName', 'f', {}))).toEqual([]);
    const search = `SEARCH('{Postern,Gateway,Environment,Route} MetricName="Latency" Gateway="postern-dev" Environment="dev"', 'p50', 60)`;
    expect(unknownMetrics(dashboard({ expression: search }))).toEqual([]);
  });

  it.each([
    ['a REST API’s metric', alarm('AWS/ApiGateway', '5XXError', 'ApiId', 'Stage')],
    ['a REST API’s dimension', alarm('AWS/ApiGateway', '5xx', 'ApiName')],
    ['a dimension too few', alarm('AWS/DynamoDB', 'SystemErrors', 'TableName')],
    ['a metric the function does not have', alarm('Postern', 'Errors', 'Gateway', 'Environment')],
    [
      'one that it has by another dimension',
      alarm('Postern', 'Requests', 'Gateway', 'Environment', 'Upstream'),
    ],
    ['an unknown namespace', dashboard('AWS/HttpApi', 'Count', 'ApiId', 'a', {})],
    [
      'a search by a wrong name',
      dashboard({
        expression: `SEARCH('{Postern,Gateway,Environment} MetricName="Latencies"', 'Sum', 60)`,
      }),
    ],
    [
      'a search by a wrong dimension',
      dashboard({
        expression: `SEARCH('{Postern,Gateway,Environment} MetricName="ColdStarts" Stage="dev"', 'Sum', 60)`,
      }),
    ],
  ])('names %s', (_, read) => {
    expect(unknownMetrics(read)).toHaveLength(1);
  });

  it('looks into an expression’s metrics', () => {
    const Metrics = [
      {
        Id: 'a',
        MetricStat: {
          Metric: { Namespace: 'AWS/Lambda', MetricName: 'Error', Dimensions: [] },
          Period: 60,
          Stat: 'Sum',
        },
      },
    ];
    expect(unknownMetrics(metricsOfAlarm({ AlarmName: 'rate', Metrics }))).toEqual([
      'rate: AWS/Lambda Error by ',
    ]);
  });
});

describe('saved queries', () => {
  const folder = join(projectFolder, 'terraform/modules/observability/queries');

  it('are read for the fields that they name', () => {
    const query =
      'filter message = "request" and ispresent(user_id)\n| stats pct(duration_ms, 99) as p99 by route, bin(5m)\n| sort p99 desc';
    expect(queryFields(query)).toEqual(['message', 'user_id', 'duration_ms', 'route']);
  });

  it.each(readdirSync(folder))('%s names no field that the log does not have', async (file) => {
    const logged = await loggedFields();
    const fields = queryFields(readFileSync(join(folder, file), 'utf8'));
    expect(fields.length).toBeGreaterThan(1);
    expect(fields.filter((field) => !logged.has(field))).toEqual([]);
  });
});

/** Whatever the function logs of requests that succeed, are refused or fail. */
const loggedFields = async (): Promise<ReadonlySet<string>> => {
  const routes = [route('GET /a', signedIn('user'))];
  const token = await tokenOfAlice();
  const forward = async () => {
    throw new GatewayError('UPSTREAM_TIMEOUT', { detail: 'late' });
  };
  const gateways = [gatewayWith({ routes }), gatewayWith({ routes, forward })];
  for (const gateway of gateways) {
    await send(gateway, 'GET', '/a', { headers: { authorization: `Bearer ${token}` } });
  }
  return new Set(
    gateways.flatMap(({ lines }) =>
      lines.flatMap((line) =>
        Object.entries(line).flatMap(([field, value]) => (value === undefined ? [] : [field])),
      ),
    ),
  );
};
