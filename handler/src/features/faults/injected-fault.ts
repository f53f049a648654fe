import { numberOf, textOf } from '../../stores/dynamodb/attributes.ts';
import type { AttributeValue, Item } from '../../stores/dynamodb/dynamodb.ts';

/** A failure that is injected on purpose, to see how users, dashboards and alarms are affected. */
export interface InjectedFault {
  readonly kind: FaultKind;
  /** Ids of the contract's routes, such as `GET /api/v1/users`; an empty list means every route that has an upstream. */
  readonly routes: readonly string[];
  /** Share of the requests, chosen at random. */
  readonly percent: number;
  readonly endsAtMs: number;
  /** For `latency`. */
  readonly latencyMs: number;
  /** For `error`: the status of the upstream response. */
  readonly status: number;
}

export const faultKinds = ['latency', 'error', 'upstream-cut', 'store-throttled'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault ends by itself, even if it is not switched off. */
export const longestFaultMs = 3_600_000;

/**
 * The item of the rate-limits table that holds the active fault. No bucket has this key: theirs contain `#`. A separate
 * table for one item would have to be created, backed up and deleted with every environment that allows faults.
 */
export const faultKey = { rate_limit_key: { S: 'fault-injection' } } as const;

/** The stored form; `ttl` makes DynamoDB delete the item after the fault has ended. */
export const itemOf = (fault: InjectedFault): Item => ({
  ...faultKey,
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

/** Undefined if there is no fault, if it has ended, or if the item is not one that `itemOf` can make. */
export const faultOf = (item: Item | undefined, nowMs: number): InjectedFault | undefined => {
  const { fault: stored } = item ?? {};
  const fields = stored && 'M' in stored ? stored.M : {};
  const kind = faultKinds.find((known) => known === textOf(fields['kind']));
  const [percent, endsAtMs] = [number(fields['percent']), number(fields['ends_at_ms'])];
  const [latencyMs, status] = [number(fields['latency_ms']), number(fields['status'])];
  const isValid =
    percent > 0 &&
    percent <= 100 &&
    endsAtMs > nowMs &&
    endsAtMs <= nowMs + longestFaultMs &&
    latencyMs >= 0 &&
    latencyMs <= 30_000 &&
    status >= 400 &&
    status <= 599;
  if (kind === undefined || !isValid) return undefined;
  return { kind, routes: texts(fields['routes']), percent, endsAtMs, latencyMs, status };
};

const texts = (value: AttributeValue | undefined): readonly string[] =>
  value && 'L' in value ? value.L.flatMap((entry) => textOf(entry) ?? []) : [];

/** NaN if the value is not a number: NaN is outside all limits. */
const number = (value: AttributeValue | undefined): number => numberOf(value) ?? Number.NaN;
