import type { AttributeValue, Item } from '../../stores/dynamodb/dynamodb.ts';

/** What is done to requests on purpose, to see what users and alarms make of it. */
export interface InjectedFault {
  readonly kind: FaultKind;
  /** Ids of the contract's routes, such as `GET /api/v1/users`; none means every route that has an upstream. */
  readonly routes: readonly string[];
  /** Of the requests, at random. */
  readonly percent: number;
  readonly endsAtMs: number;
  /** For `latency`. */
  readonly latencyMs: number;
  /** For `error`: what the upstream seems to answer. */
  readonly status: number;
}

export const faultKinds = ['latency', 'error', 'upstream-cut', 'store-throttled'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Whoever forgets a fault is freed from it. */
export const longestFaultMs = 3_600_000;

/**
 * The key in the sessions table under which the fault in force stands: the function reads that table anyhow, and needs
 * no further permission. No session is there, as their keys are hashes in hex.
 */
export const faultKey = 'fault-injection';

/** As it is stored; `ttl` has DynamoDB delete it once it is over. */
export const itemOf = (fault: InjectedFault): Item => ({
  session_id: { S: faultKey },
  fault: {
    M: {
      kind: { S: fault.kind },
      routes: { L: fault.routes.map((route) => ({ S: route })) },
      percent: { N: String(fault.percent) },
      ends_at_ms: { N: String(fault.endsAtMs) },
      latency_ms: { N: String(fault.latencyMs) },
      status: { N: String(fault.status) },
    },
  },
  ttl: { N: String(Math.ceil(fault.endsAtMs / 1000)) },
});

/** Undefined where there is none, where it is over, and where it is not one that `itemOf` could have made. */
export const faultOf = (item: Item | undefined, nowMs: number): InjectedFault | undefined => {
  const { fault: stored } = item ?? {};
  const fields = stored && 'M' in stored ? stored.M : {};
  const kind = faultKinds.find((known) => known === text(fields['kind']));
  const [percent, endsAtMs] = [number(fields['percent']), number(fields['ends_at_ms'])];
  const [latencyMs, status] = [number(fields['latency_ms']), number(fields['status'])];
  const isSound =
    percent > 0 &&
    percent <= 100 &&
    endsAtMs > nowMs &&
    endsAtMs <= nowMs + longestFaultMs &&
    latencyMs >= 0 &&
    latencyMs <= 30_000 &&
    status >= 400 &&
    status <= 599;
  if (kind === undefined || !isSound) return undefined;
  return { kind, routes: texts(fields['routes']), percent, endsAtMs, latencyMs, status };
};

const text = (value: AttributeValue | undefined): string | undefined =>
  value && 'S' in value ? value.S : undefined;

const texts = (value: AttributeValue | undefined): readonly string[] =>
  value && 'L' in value ? value.L.flatMap((entry) => text(entry) ?? []) : [];

/** NaN where it is none, which is within no bounds. */
const number = (value: AttributeValue | undefined): number =>
  value && 'N' in value ? Number(value.N) : Number.NaN;
