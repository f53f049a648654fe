import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CallOptions, StoreUnavailable } from '../../aws/aws-call.ts';
import type { DynamoDb, GetItem, UpdateItem } from '../../stores/dynamodb/dynamodb.ts';
import type { MatchResult } from '../../pipeline/match.ts';
import type { Log, LogFields } from '../../telemetry/logger.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { type Attempt, failed } from '../../upstreams/http/attempt.ts';
import type { Connect, Connections } from '../../upstreams/http/connections.ts';
import type { FaultSwitch } from './fault-switch.ts';
import type { FaultKind, InjectedFault } from './injected-fault.ts';

type MatchRoute = (method: string, segments: readonly string[]) => MatchResult;

/** Stands around the gateway's parts where faults may be injected; elsewhere the parts are used as they are. */
export interface FaultInjection {
  /** Asks what is in force, and keeps each invocation's fault apart from another's. */
  invocation<A extends readonly unknown[], R>(
    handle: (...args: A) => Promise<R>,
  ): (...args: A) => Promise<R>;
  /** Here the route is known: whether this request is to suffer is decided. */
  match(match: MatchRoute): MatchRoute;
  dynamoDb(dynamoDb: DynamoDb): DynamoDb;
  connect(connect: Connect): Connect;
  /** Says in every line of a request what was done to it. */
  log(log: Log): Log;
}

interface Dependencies {
  readonly faultSwitch: FaultSwitch;
  readonly metrics: Metrics;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

/** One invocation's share. */
interface Suffering {
  readonly inForce: InjectedFault | undefined;
  route?: string;
  /** Decided, and not yet met: a refusal may come first. */
  fault?: InjectedFault;
  /** Done: for the log. */
  injected?: FaultKind;
}

export const createFaultInjection = (dependencies: Dependencies): FaultInjection => {
  const { faultSwitch, metrics, random = Math.random } = dependencies;
  const invocations = new AsyncLocalStorage<Suffering>();

  const decide = (suffering: Suffering, route: string): void => {
    const { inForce } = suffering;
    const isMeant = inForce && (inForce.routes.length === 0 || inForce.routes.includes(route));
    if (!isMeant || random() * 100 >= inForce.percent) return;
    Object.assign(suffering, { route, fault: inForce });
  };

  /** The fault to inject now, where it is of one of these kinds. */
  const meet = (...kinds: readonly FaultKind[]): InjectedFault | undefined => {
    const suffering = invocations.getStore();
    const { fault, route = '' } = suffering ?? {};
    if (suffering === undefined || fault === undefined || !kinds.includes(fault.kind))
      return undefined;
    // A retry meets it again; the request counts once.
    if (suffering.injected === undefined) metrics.add('injectedFaults', 1, { route });
    suffering.injected = fault.kind;
    return fault;
  };

  const throttled = <I, O>(call: (input: I, options: CallOptions) => Promise<O>) => {
    return async (input: I, options: CallOptions): Promise<O> => {
      if (meet('store-throttled')) throw new StoreUnavailable('Throttled by an injected fault');
      return call(input, options);
    };
  };

  const noted = (fields: LogFields | undefined): LogFields | undefined => {
    const injected = invocations.getStore()?.injected;
    return injected === undefined ? fields : { ...fields, injected_fault: injected };
  };

  return {
    invocation:
      (handle) =>
      async (...args) =>
        invocations.run({ inForce: await faultSwitch.inForce() }, () => handle(...args)),
    match: (match) => (method, segments) => {
      const result = match(method, segments);
      const suffering = invocations.getStore();
      if (suffering && result.kind === 'match' && result.match.route.target.kind === 'upstream')
        decide(suffering, result.match.route.id);
      return result;
    },
    dynamoDb: (dynamoDb) => ({
      getItem: throttled((input: GetItem, options) => dynamoDb.getItem(input, options)),
      updateItem: throttled((input: UpdateItem, options) => dynamoDb.updateItem(input, options)),
    }),
    connect: (connect) => (url, now) => {
      const connections = connect(url, now);
      return {
        send: async (request, timeoutMs) => {
          const fault = meet('latency', 'error', 'upstream-cut');
          const send = (leftMs: number) => connections.send(request, leftMs);
          return fault === undefined ? send(timeoutMs) : suffer(fault, send, timeoutMs);
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

/** An attempt as it goes where the upstream is slow, fails, or is not there: breaker and retries see no difference. */
const suffer = async (
  { kind, latencyMs, status }: InjectedFault,
  send: (leftMs: number) => ReturnType<Connections['send']>,
  timeoutMs: number,
): Promise<Attempt> => {
  if (kind === 'upstream-cut') return failed('unreachable');
  if (kind === 'error')
    return { kind: 'answered', statusCode: status, rawHeaders: [], body: Buffer.alloc(0) };
  await sleep(Math.min(latencyMs, timeoutMs));
  return latencyMs < timeoutMs ? send(timeoutMs - latencyMs) : failed('timeout');
};
