import { measured, type Measured } from './measured.ts';

/** The dimensions of the metrics of AWS's own services. */
export interface ServiceNames {
  readonly apiId: string;
  readonly stageName: string;
  readonly functionName: string;
  readonly logGroupName: string;
  readonly sessionTableName: string;
  readonly rateLimitTableName: string;
}

type Line = Readonly<Record<string, unknown>>;

/**
 * What API Gateway, Lambda and DynamoDB would have measured for the request of an access-log line; the emulator
 * measures none of it. The function's duration is used for the API's, which is a little longer on AWS.
 */
export const serviceMetrics = (line: Line, names: ServiceNames): readonly Measured[] => {
  if (line['message'] !== 'request') return [];
  const status = Number(line['status_code']);
  const durationMs = Number(line['duration_ms']);
  const api = { ApiId: names.apiId, Stage: names.stageName };
  const lambda = { FunctionName: names.functionName };
  const isLimited = line['upstream'] !== undefined;
  return [
    ...metricsIn('AWS/ApiGateway', api, 'Count', {
      Count: 1,
      '4xx': status >= 400 && status < 500 ? 1 : 0,
      '5xx': status >= 500 ? 1 : 0,
    }),
    ...metricsIn('AWS/ApiGateway', api, 'Milliseconds', {
      Latency: durationMs,
      IntegrationLatency: durationMs,
    }),
    ...metricsIn('AWS/Lambda', lambda, 'Count', { Invocations: 1, Errors: 0, Throttles: 0 }),
    ...metricsIn('AWS/Lambda', lambda, 'Milliseconds', { Duration: durationMs }),
    // One strongly consistent read of a session, one write of a bucket: each a unit, as items are small.
    ...(line['user_id'] === undefined
      ? []
      : metricsIn('AWS/DynamoDB', { TableName: names.sessionTableName }, 'Count', {
          ConsumedReadCapacityUnits: 1,
        })),
    ...(isLimited
      ? metricsIn('AWS/DynamoDB', { TableName: names.rateLimitTableName }, 'Count', {
          ConsumedWriteCapacityUnits: 1,
        })
      : []),
  ];
};

/** CloudWatch bills 26 additional bytes for each line. */
const bytesBesidesText = 26;

export const logMetrics = (text: string, { logGroupName }: ServiceNames): readonly Measured[] =>
  metricsIn('AWS/Logs', { LogGroupName: logGroupName }, 'Bytes', {
    IncomingBytes: Buffer.byteLength(text) + bytesBesidesText,
  });

const metricsIn = (
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  unit: Measured['unit'],
  values: Readonly<Record<string, number>>,
): readonly Measured[] =>
  Object.entries(values).map(([name, value]) =>
    measured({ namespace, name, unit, dimensions }, [value]),
  );
