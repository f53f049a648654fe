import type { Route, UpstreamPolicy, UpstreamTarget } from '../../contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { releaseLargeBody } from '../../http/large-body.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { Forwarded, ForwardInput, UpstreamKind, UpstreamTools } from '../../parts.ts';
import type { TrafficStore } from '../../stores/traffic/traffic-store.ts';
import { failedCall } from '../../telemetry/failed-call.ts';
import { idempotent } from '../../transport/retry.ts';
import { createLiveWeights } from './live-weights.ts';
import { createPoints, orderByKey, orderByPoint, type Order } from './order.ts';
import { stickyKeyOf, withoutStickyCookie, withStickyCookie } from './sticky-cookie.ts';
import {
  createTargetHealth,
  isNothingSent,
  type TargetHealth,
  verdictOf,
} from './target-health.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    /** The name of its `upstream` is those of its parts, in alphabetical order. */
    readonly split: {
      readonly target: {
        readonly parts: readonly SplitPart[];
        /** By what a caller is recognized, to get the same target again. Absent: every request may get another. */
        readonly sticky?: 'caller' | 'cookie';
      };
    };
  }
}

declare module '../../parts.ts' {
  interface UpstreamTools {
    readonly traffic?: TrafficStore;
  }
}

declare module '../../exchange.ts' {
  interface UpstreamCall {
    /** The targets that the request did not get a response of, because they have failed. */
    readonly leftOut?: readonly string[];
  }
}

export interface SplitPart {
  /** Of the contract. */
  readonly weight: number;
  readonly target: UpstreamTarget;
}

type Split = ForwardInput<'split'>;

/** Not in the catalogue, which every gateway has. */
const failures = { name: 'UpstreamFailures', unit: 'Count' };

/** Without a breaker of its own, a target is left out for as long as breakers are open by default. */
const usualLeftOutSeconds = 10;

/**
 * Sends each request to one of several upstreams, in proportion to their weights. If that one has failed, or fails now and
 * the request can be repeated, another gets it. If none is left, the request goes to the first as if it was the only one.
 */
export const splitUpstreams: UpstreamKind<'split'> =
  ({ upstreams, routes }) =>
  (tools) => {
    const { forward, log, metrics, now, traffic } = tools;
    if (traffic === undefined) throw new TypeError('There is no store of weights');
    const weights = createLiveWeights({ store: traffic, log, now });
    // Without a route, as for mirrors, no request needs them.
    if (routes.length > 0) void weights.refresh(Number.POSITIVE_INFINITY);

    const health = new Map<string, TargetHealth>();
    const healthOf = (name: string): TargetHealth => {
      let known = health.get(name);
      if (known === undefined) {
        const leftOutMs = openSecondsOf(upstreams[name]) * 1_000;
        health.set(name, (known = createTargetHealth({ leftOutMs, now })));
      }
      return known;
    };

    const points = new Map<string, () => number>();
    const nextPoint = (routeId: string): number => {
      let next = points.get(routeId);
      if (next === undefined) points.set(routeId, (next = createPoints(Math.random)));
      return next();
    };

    const orderOf = ({ route, target }: Split, key: string | undefined): Order => {
      const current = weights.of(route.id, target);
      if (key === undefined) return orderByPoint(current, nextPoint(route.id));
      const names = target.parts.map((part) => part.target.upstream);
      return orderByKey(current, names, key);
    };

    /** One after the other, until one has responded or the request must not be repeated. */
    const sendInOrder = async (input: Split, parts: readonly SplitPart[]): Promise<Forwarded> => {
      const { callerKey, route, request } = input;
      const deadlineMs = Math.min(input.deadlineMs, now() + input.target.timeoutMs);
      const sendTo = (target: UpstreamTarget): Promise<Forwarded> =>
        forward({ ...input, route: routeTo(target, route), target, deadlineMs });
      const isRepeatable = idempotent.has(request.method) || 'idempotency-key' in request.headers;
      const leftOut: string[] = [];
      let last: Forwarded | undefined;
      for (const { target } of parts) {
        const admitted = healthOf(target.upstream).admit(callerKey, isRepeatable);
        if (admitted === undefined) {
          leftOut.push(target.upstream);
          continue;
        }
        if (last !== undefined) {
          leftOut.push(last.upstream.name);
          giveUp(last, input, tools);
        }
        let verdict: ReturnType<typeof verdictOf> = 'unknown';
        try {
          last = await sendTo(target);
          verdict = verdictOf(last.outcome);
        } finally {
          admitted.report(verdict);
        }
        const { outcome } = last;
        const isFailure = verdict === 'certain' || verdict === 'doubtful';
        if (isFailure) metrics.add(failures, 1, { upstream: target.upstream });
        const mayGoOn = isNothingSent(outcome) || (isFailure && isRepeatable);
        if (!mayGoOn || now() >= deadlineMs) break;
      }
      const [first] = parts;
      if (first === undefined) throw new TypeError(`${route.id} has no weights`);
      last ??= await sendTo(first.target);
      const { upstream, outcome } = last;
      const others = leftOut.filter((name) => name !== upstream.name);
      return others.length === 0 ? last : { upstream: { ...upstream, leftOut: others }, outcome };
    };

    return {
      forward: async (input) => {
        await weights.refresh(input.deadlineMs);
        const { sticky, parts } = input.target;
        const cookie = sticky === 'cookie' ? stickyKeyOf(input.request) : undefined;
        const key = sticky === 'caller' ? input.callerKey() : cookie?.key;
        const request = cookie === undefined ? input.request : withoutStickyCookie(input.request);
        const ordered = orderOf(input, key).flatMap((index) => parts[index] ?? []);
        const { upstream, outcome } = await sendInOrder({ ...input, request }, ordered);
        return cookie?.isNew && !(outcome instanceof GatewayError)
          ? { upstream, outcome: withStickyCookie(outcome, cookie.key) }
          : { upstream, outcome };
      },
    };
  };

/**
 * The route as the kind of the target sees it. No other property: what surrounds the calls to upstreams, such as a cache,
 * surrounds this one as a whole.
 */
const routeTo = (
  target: UpstreamTarget,
  { id, method, path, access, maxBodyBytes }: Route,
): Route => ({ id, method, path, access, maxBodyBytes, target, ...noChecks });

/** The request has passed them. */
const noChecks = { rateLimits: [], validate: undefined };

const openSecondsOf = (policy: UpstreamPolicy | undefined): number =>
  policy !== undefined && 'breaker' in policy ? policy.breaker.openSeconds : usualLeftOutSeconds;

/** The metrics and the log line of a failure that the caller does not see. */
const giveUp = (
  failed: Forwarded,
  { request, route }: { readonly request: GatewayRequest; readonly route: Split['route'] },
  { log, metrics }: Pick<UpstreamTools, 'log' | 'metrics'>,
): void => {
  const { upstream, outcome } = failed;
  const { name, durationMs } = upstream;
  if (durationMs !== undefined)
    metrics.add('upstreamLatencyByUpstream', durationMs, { upstream: name });
  log.warn('an upstream failed: the request goes to another', {
    correlation_id: request.id,
    route: route.id,
    ...failedCall(failed),
  });
  if (!(outcome instanceof GatewayError) && Buffer.isBuffer(outcome.body))
    releaseLargeBody(outcome.body);
};
