import { describe, expect, it } from '@jest/globals';
import { emfMetrics } from './emf-metrics.ts';
import { merged, times } from './measured.ts';
import { logMetrics, serviceMetrics } from './service-metrics.ts';

const names = {
  apiId: 'a1',
  stageName: 'v1',
  functionName: 'gateway',
  logGroupName: '/log',
  sessionTableName: 'sessions',
  rateLimitTableName: 'limits',
};
const line = { message: 'request', status_code: 200, duration_ms: 12, upstream: 'users' };
const valuesOf = (metrics: ReturnType<typeof serviceMetrics>) =>
  Object.fromEntries(
    metrics.map(({ namespace, name, counts }) => [`${namespace} ${name}`, [...counts.keys()][0]]),
  );

describe('emfMetrics', () => {
  it('reads each metric with its dimensions, one value or many', () => {
    const metrics = emfMetrics({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'Postern',
            Dimensions: [['Environment', 'Route']],
            Metrics: [
              { Name: 'Requests', Unit: 'Count' },
              { Name: 'Latency', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      Environment: 'dev',
      Route: 'GET /a',
      Requests: 1,
      Latency: [3, 5, 3],
    });
    const dimensions = { Environment: 'dev', Route: 'GET /a' };
    expect(metrics).toEqual([
      {
        namespace: 'Postern',
        name: 'Requests',
        unit: 'Count',
        dimensions,
        counts: new Map([[1, 1]]),
      },
      {
        namespace: 'Postern',
        name: 'Latency',
        unit: 'Milliseconds',
        dimensions,
        counts: new Map([
          [3, 2],
          [5, 1],
        ]),
      },
    ]);
  });

  it('finds no metrics in a line of another format', () => {
    expect(emfMetrics(line)).toEqual([]);
  });
});

describe('serviceMetrics', () => {
  it('counts a request at the API, the function and the tables it used', () => {
    expect(valuesOf(serviceMetrics({ ...line, user_id: 'alice' }, names))).toEqual({
      'AWS/ApiGateway Count': 1,
      'AWS/ApiGateway 4xx': 0,
      'AWS/ApiGateway 5xx': 0,
      'AWS/ApiGateway Latency': 12,
      'AWS/ApiGateway IntegrationLatency': 12,
      'AWS/Lambda Invocations': 1,
      'AWS/Lambda Errors': 0,
      'AWS/Lambda Throttles': 0,
      'AWS/Lambda Duration': 12,
      'AWS/DynamoDB ConsumedReadCapacityUnits': 1,
      'AWS/DynamoDB ConsumedWriteCapacityUnits': 1,
    });
  });

  it.each([
    [404, 1, 0],
    [499, 1, 0],
    [500, 0, 1],
    [504, 0, 1],
  ])('counts status %i as 4xx %i times and as 5xx %i times', (status_code, refused, faulty) => {
    expect(valuesOf(serviceMetrics({ ...line, status_code }, names))).toMatchObject({
      'AWS/ApiGateway 4xx': refused,
      'AWS/ApiGateway 5xx': faulty,
    });
  });

  it('counts only access-log lines as requests, and the bytes of every line', () => {
    expect(serviceMetrics({ message: 'no key' }, names)).toEqual([]);
    expect(valuesOf(logMetrics('é', names))).toEqual({ 'AWS/Logs IncomingBytes': 28 });
  });
});

describe('merged', () => {
  it('adds up the values of one metric from several lines', () => {
    const twice = merged([...serviceMetrics(line, names), ...serviceMetrics(line, names)]);
    const count = twice.find(({ name }) => name === 'Count');
    expect(count?.counts).toEqual(new Map([[1, 2]]));
    expect(times(twice, 3).find(({ name }) => name === 'Count')?.counts).toEqual(new Map([[1, 6]]));
  });
});
