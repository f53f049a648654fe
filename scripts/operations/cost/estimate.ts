import alarms from '../../../terraform/modules/observability/alarms.json' with { type: 'json' };
import type { Assumptions } from './assumptions.ts';
import perRequest from './per-request.json' with { type: 'json' };
import prices from '../../../terraform/modules/observability/prices.json' with { type: 'json' };
import type { StackSettings } from './stack-settings.ts';

export interface Row {
  readonly what: string;
  readonly how: string;
  readonly usd: number;
}

const million = 1e6;
const bytesOfGb = 1e9;
const kbOfGb = 1e6;
const daysOfMonth = 30;
const secondsOfMonth = daysOfMonth * 86_400;
/** CloudWatch bills compressed storage, about 0.15 of the ingested size. */
const keptShare = 0.15;
/** HTTP APIs count a request once for each started 512 KB. */
const meteredKb = 512;
/** Lambda bills each started millisecond: on average half a millisecond more. */
const roundingMs = 0.5;
/** Memory at which Lambda gives a whole core. */
const mbOfCore = 1_769;

const alarmedMetrics: Readonly<Record<string, number>> = alarms.metrics;

/** The cost of a million requests without data transfer. */
export const estimateRequests = (stack: StackSettings, assumed: Assumptions): Row[] => {
  const gbSeconds = (ms: number): number => (million * ms * stack.memoryMb) / 1_024 / 1_000;
  const ms = billedMs(stack, assumed);
  const perGbSecond = prices.lambdaPerGbSecond[stack.architecture];
  const logBytes = logBytesOf(stack, assumed);
  const metered = Math.max(1, Math.ceil(assumed.bodyKb / meteredKb));
  const keptMonths = stack.logRetentionDays / daysOfMonth;
  const rows: Row[] = [
    {
      what: 'API Gateway',
      how: `HTTP API, metered per 512 KB: ${metered} a request`,
      usd: prices.httpApiPerMillion * metered,
    },
    { what: 'Lambda, requests', how: '1 a request', usd: prices.lambdaPerMillion },
    {
      what: 'Lambda, time',
      how: `${ms.toFixed(0)} ms at ${stack.memoryMb} MB, ${stack.architecture}`,
      usd: gbSeconds(ms) * perGbSecond,
    },
    {
      what: 'Lambda, cold starts',
      how: `${perRequest.initMs} ms in ${percent(assumed.coldStarts)} of requests`,
      usd: gbSeconds(perRequest.initMs * assumed.coldStarts) * perGbSecond,
    },
    {
      what: 'DynamoDB, limiter',
      how: `${perRequest.limiterWrites} write a request`,
      usd: prices.dynamoDbPerMillionWrites * perRequest.limiterWrites,
    },
    {
      what: 'DynamoDB, sessions',
      how: `${perRequest.sessionReads} strong read for ${percent(assumed.signedIn)} of requests`,
      usd: prices.dynamoDbPerMillionStrongReads * perRequest.sessionReads * assumed.signedIn,
    },
    {
      what: 'Secrets Manager, calls',
      how: `the signing key, at each start and every ${perRequest.secretReadEverySeconds / 60} minutes`,
      usd: (secretReadsOf(assumed) / 10_000) * prices.secretsPer10000Calls,
    },
    ...(stack.hasOwnKey
      ? [
          {
            what: 'KMS, calls',
            how: 'one with each of those, and one for the variables at each start',
            usd:
              ((secretReadsOf(assumed) + million * assumed.coldStarts) / 10_000) *
              prices.kmsPer10000Calls,
          },
        ]
      : []),
    {
      what: 'Logs, written',
      how: `${logBytes.toFixed(0)} bytes a request, metrics among them`,
      usd: gigabytes(logBytes) * prices.logsPerGb,
    },
    {
      what: 'Logs, kept',
      how: `${stack.logRetentionDays} days, compressed`,
      usd: gigabytes(logBytes) * keptShare * keptMonths * prices.logsPerGbMonth,
    },
  ];
  return stack.isTraced
    ? [...rows, { what: 'X-Ray', how: '1 trace a request', usd: prices.tracesPerMillion }]
    : rows;
};

/** The size of responses depends on the services, not on the gateway. */
export const estimateTransfer = ({ bodyKb }: Assumptions): Row => ({
  what: 'Transfer out',
  how: `${bodyKb} KB a response; an account's first 100 GB a month are free`,
  usd: ((million * bodyKb) / kbOfGb) * prices.transferOutPerGb,
});

/** What a month costs without traffic. */
export const estimateIdle = (stack: StackSettings, { items }: Assumptions): Row[] => {
  const alarmed = alarmedMetrics[stack.alarms] ?? 0;
  const tableGb = gigabytesOf(items * perRequest.tableItemBytes);
  const provisionedGb = (stack.provisionedConcurrency * stack.memoryMb) / 1_024;
  return [
    { what: 'Secrets Manager', how: 'the signing key', usd: prices.secretPerMonth },
    {
      what: 'KMS',
      how: `a key of your own; $${prices.kmsKeyPerMonth} more after each of its first two yearly rotations`,
      usd: stack.hasOwnKey || stack.retainsKey ? prices.kmsKeyPerMonth : 0,
    },
    {
      what: 'DynamoDB, storage',
      how: `${items.toLocaleString('en')} items; an account's first 25 GB are free`,
      usd: tableGb * prices.dynamoDbPerGbMonth,
    },
    {
      what: 'DynamoDB, recovery',
      how: 'to any second of the last 35 days',
      usd: stack.hasPointInTimeRecovery ? tableGb * prices.pointInTimeRecoveryPerGbMonth : 0,
    },
    {
      what: 'Alarms',
      how: `${alarmed} alarmed metrics; an account's first 10 are free`,
      usd: alarmed * prices.alarmedMetricPerMonth,
    },
    {
      what: 'Composite alarms',
      how: 'on the error budget',
      usd: stack.alarms === 'all' ? alarms.compositesOfAll * prices.compositeAlarmPerMonth : 0,
    },
    {
      what: 'Provisioned concurrency',
      how: `${stack.provisionedConcurrency} environments`,
      usd: provisionedGb * secondsOfMonth * prices.provisionedPerGbSecond[stack.architecture],
    },
  ].filter(({ usd }) => usd > 0);
};

/**
 * DynamoDB calls KMS for a table's key once in five minutes of use, independent of requests.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export const estimateTableKeys = (): Row => ({
  what: 'KMS, tables',
  how: 'a call for each of 2 tables every 5 minutes, while they are called; 20,000 are free',
  usd: ((tablesWithKey * secondsOfMonth) / 300 / 10_000) * prices.kmsPer10000Calls,
});

const tablesWithKey = 2;

/** What is billed by the hour in which it is written; shown for a month of such hours. */
export const estimateMetrics = ({ routes }: Assumptions): Row => ({
  what: 'Custom metrics',
  how: `${metricsOfRoute} for each of ${routes} routes, in the hours they are called; first 10 free`,
  usd: routes * metricsOfRoute * prices.metricPerMonth,
});

/** Requests, Latency, UpstreamLatency. */
const metricsOfRoute = 3;

export const billedMs = ({ memoryMb }: StackSettings, { upstreamMs }: Assumptions): number => {
  const core = Math.min(1, memoryMb / mbOfCore);
  const waitingMs = perRequest.dynamoDbMs + upstreamMs + perRequest.runtimeMs;
  return perRequest.cpuMs / core + waitingMs + roundingMs;
};

/** Metrics are a line a route: at each request where they are rare, and every ten seconds of an environment under load. */
export const logBytesOf = (stack: StackSettings, { perSecond, routes }: Assumptions): number => {
  const gathered = perSecond > 1 ? perSecond * perRequest.metricsEverySeconds : 1;
  const linesPerRequest = Math.min(1, routes / gathered);
  const metrics =
    linesPerRequest * perRequest.metricsLineBytes +
    (1 - linesPerRequest) * perRequest.metricsValueBytes;
  const platform = stack.hasPlatformLines ? perRequest.platformLinesBytes : 0;
  const api = stack.hasApiAccessLog ? perRequest.apiAccessLineBytes : 0;
  return stack.logSampleRate * perRequest.accessLineBytes + metrics + platform + api;
};

/** Of a million requests: each environment reads the keys as it starts, and while it is used again when they are old. */
export const secretReadsOf = ({ coldStarts, perSecond }: Assumptions): number =>
  million * Math.min(1, coldStarts + 1 / (perRequest.secretReadEverySeconds * perSecond));

export const totalOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { usd }) => sum + usd, 0);

const gigabytesOf = (bytes: number): number => bytes / bytesOfGb;
const gigabytes = (bytesPerRequest: number): number => gigabytesOf(million * bytesPerRequest);
const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
