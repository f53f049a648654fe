import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallOptions, StoreUnavailable } from '../../aws/aws-call.ts';
import { matchOf } from '../../exchange.ts';
import type { Middleware } from '../../middleware.ts';
import type { DynamoDb, GetItem, UpdateItem } from '../../stores/dynamodb/dynamodb.ts';
import type { Log, LogFields } from '../../telemetry/logger.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { type Attempt, failed } from '../../transport/attempt.ts';
import type { Connect } from '../../transport/connections.ts';
import { createFaultSwitch } from './fault-switch.ts';
import type { FaultKind, InjectedFault } from './injected-fault.ts';

/** Wraps the parts of the gateway that a fault can affect, and decides which requests are affected. */
export interface FaultInjection {
  /** Keeps the faults of concurrent requests apart. */
  around<A extends readonly unknown[], R>(
    gateway: (...args: A) => Promise<R>,
  ): (...args: A) => Promise<R>;
  /** After `matchRoute`: decides whether the active fault affects this request. */
  readonly middleware: Middleware;
  dynamoDb(dynamoDb: DynamoDb): DynamoDb;
  /** For attempts at upstreams. Breaker and retries cannot distinguish an injected fault from a real failure. */
  connect(connect: Connect): Connect;
  /** Adds `injected_fault` to every line of an affected request. */
  log(log: Log): Log;
}

interface Dependencies {
  readonly dynamoDb: DynamoDb;
  readonly tableName: string;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

/** The part of one request. */
interface Affected {
  route?: string;
  /** Selected. An earlier refusal may still prevent the injection. */
  fault?: InjectedFault;
  /** Injected: for the log. */
  injected?: FaultKind;
}

export const injectFaults = (dependencies: Dependencies): FaultInjection => {
  const { dynamoDb, tableName, metrics, now, random = Math.random } = dependencies;
  const faultSwitch = createFaultSwitch({ dynamoDb, tableName, now });
  const requests = new AsyncLocalStorage<Affected>();

  /** The fault to inject now, if it is of one of these kinds. */
  const due = (...kinds: readonly FaultKind[]): InjectedFault | undefined => {
    const request = requests.getStore();
    const { fault, route = '' } = request ?? {};
    if (request === undefined || fault === undefined || !kinds.includes(fault.kind))
      return undefined;
    // Retries are affected, too; the request counts once.
    if (request.injected === undefined) metrics.add('injectedFaults', 1, { route });
    request.injected = fault.kind;
    return fault;
  };

  const throttled = <I, O>(call: (input: I, options: CallOptions) => Promise<O>) => {
    return async (input: I, options: CallOptions): Promise<O> => {
      if (due('store-throttled')) throw new StoreUnavailable('Throttled by an injected fault');
      return call(input, options);
    };
  };

  const noted = (fields: LogFields | undefined): LogFields | undefined => {
    const injected = requests.getStore()?.injected;
    return injected === undefined ? fields : { ...fields, injected_fault: injected };
  };

  return {
    around:
      (gateway) =>
      (...args) =>
        requests.run({}, () => gateway(...args)),
    middleware: {
      before: async ({ context: { exchange } }) => {
        const { id, target } = matchOf(exchange).route;
        const request = requests.getStore();
        if (request === undefined || target.kind === 'built-in') return;
        const fault = await faultSwitch.active();
        if (fault === undefined || (fault.routes.length > 0 && !fault.routes.includes(id))) return;
        if (random() * 100 < fault.percent) Object.assign(request, { route: id, fault });
      },
    },
    dynamoDb: (dynamoDb) => ({
      getItem: throttled((input: GetItem, options) => dynamoDb.getItem(input, options)),
      updateItem: throttled((input: UpdateItem, options) => dynamoDb.updateItem(input, options)),
    }),
    connect: (connect) => (url, options) => {
      const connections = connect(url, options);
      return {
        ...connections,
        send: (request, deadlineMs) => {
          const fault = due('latency', 'error', 'upstream-cut');
          const send = () => connections.send(request, deadlineMs);
          return fault === undefined ? send() : attempt(fault, send, deadlineMs - now());
        },
      };
    },
    log: (log) => ({
      info: (message, fields) => log.info(message, noted(fields)),
      warn: (message, fields) => log.warn(message, noted(fields)),
      error: (message, fields) => log.error(message, noted(fields)),
    }),
  };
};

const attempt = async (
  { kind, latencyMs, status }: InjectedFault,
  send: () => Promise<Attempt>,
  leftMs: number,
): Promise<Attempt> => {
  if (kind === 'upstream-cut') return failed('unreachable');
  if (kind === 'error')
    return { kind: 'responded', statusCode: status, rawHeaders: [], body: Buffer.alloc(0) };
  await sleep(Math.min(latencyMs, leftMs));
  return latencyMs < leftMs ? send() : failed('timeout');
};
