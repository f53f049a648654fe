import type {
  Contract,
  Route,
  UpstreamKindName,
  UpstreamPolicy,
  UpstreamTarget,
} from '../../contract.ts';
import { GatewayError, statusOf } from '../../http/gateway-error.ts';
import { releaseLargeBody } from '../../http/large-body.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
import type { Forwarded, ForwardInput, UpstreamKind, UpstreamTools } from '../../parts.ts';
import { describeError } from '../../telemetry/logger.ts';
import { createSampler } from './sampler.ts';

declare module '../../contract.ts' {
  interface Route {
    /** Of a route whose requests are copied. */
    readonly mirror?: MirrorPlan;
    /** The route of copies, which is in no table of routes. */
    readonly isMirror?: true;
  }
}

export interface MirrorPlan {
  /** The share of requests in tenths of a percent. */
  readonly permille: number;
  readonly target: UpstreamTarget<'http' | 'lambda'>;
}

/** Of the requests of a route. */
interface Copies {
  readonly route: Route & { readonly target: MirrorPlan['target']; readonly isMirror: true };
  readonly isChosen: () => boolean;
}

/** Of the copies that are not finished, in an execution environment. */
export const mostOpen = 10;

/** A larger body is not copied, because that would take time of the request. */
export const mostBytes = 262_144;

/** By which the mirror knows a copy. A client's own never reaches an upstream. */
export const mirrorHeader = 'x-postern-mirror';

/** Not in the catalogue, which every gateway has. */
export const mirrorMetrics = {
  requests: { name: 'MirroredRequests', unit: 'Count' },
  failures: { name: 'MirrorFailures', unit: 'Count' },
  differences: { name: 'MirrorDifferences', unit: 'Count' },
  dropped: { name: 'MirrorsDropped', unit: 'Count' },
} as const;

/**
 * Makes what every kind of upstream is wrapped in: for a share of the requests of a route, a copy goes to a second
 * upstream at the same time. Nothing waits for it, and nothing of it reaches the caller, the retries or the breaker of
 * the route.
 */
export const mirroring = () => {
  let open = 0;

  /** Sends a copy beside a request that has been sent. Never throws. */
  const send = (
    input: ForwardInput,
    { route }: Copies,
    real: Promise<Forwarded>,
    tools: UpstreamTools,
  ): void => {
    const { upstream } = route.target;
    const { request, deadlineMs } = input;
    if (open >= mostOpen || (request.body?.length ?? 0) > mostBytes)
      return tools.metrics.add(mirrorMetrics.dropped, 1, { upstream });
    tools.metrics.add(mirrorMetrics.requests, 1, { upstream });
    open += 1;
    const copy = {
      ...input,
      route,
      target: route.target,
      request: copyOf(request),
      deadlineMs: Math.min(deadlineMs, tools.now() + route.target.timeoutMs),
    };
    void observe(copy, real, tools).finally(() => (open -= 1));
  };

  return <K extends UpstreamKindName>(kind: UpstreamKind<K>): UpstreamKind<K> =>
    (contract, settings) => {
      const start = kind(contract, settings);
      const startMirrors = kind(mirrorsOf(contract), settings);
      const mirrored = new Map(
        contract.routes.flatMap((route) => {
          const copies = copiesOf(route);
          return copies === undefined ? [] : [[route, copies] as const];
        }),
      );
      return (tools) => {
        const upstreams = start(tools);
        // Connections, retries and breakers of their own.
        const mirrors = startMirrors(tools);
        return {
          forward: (input) => {
            const { route, target } = input;
            if (route.isMirror) return mirrors.forward(input);
            const real = upstreams.forward(withoutMark(input));
            const copies = mirrored.get(route);
            // One of several upstreams of a route is another target: the request was copied before it was chosen.
            if (copies !== undefined && target === route.target && copies.isChosen())
              send(input, copies, real, tools);
            return real;
          },
        };
      };
    };
};

/** The contract with its mirrors alone, to which no route leads. A failure of a copy says nothing to the next one. */
const mirrorsOf = (contract: Contract): Contract => {
  const names = new Set(contract.routes.map(({ mirror }) => mirror?.target.upstream));
  const mirrors = Object.entries<UpstreamPolicy>(contract.upstreams)
    .filter(([name]) => names.has(name))
    .map(([name, policy]) => [name, { ...policy, retries: 0, breaker: neverOpen }]);
  const upstreams = Object.fromEntries(mirrors) as Contract['upstreams'];
  return { ...contract, upstreams, routes: [] };
};

const neverOpen = { failures: Infinity, openSeconds: 1 };

const copiesOf = (route: Route): Copies | undefined => {
  const { id, method, path, access, maxBodyBytes, mirror } = route;
  if (mirror === undefined) return undefined;
  // No other property: a copy uses no cache, and no store.
  const common = { id, method, path, access, maxBodyBytes, rateLimits: [], validate: undefined };
  return {
    route: { ...common, target: mirror.target, isMirror: true },
    isChosen: createSampler(mirror.permille, Math.random),
  };
};

const withoutMark = <I extends ForwardInput>(input: I): I => {
  const { request } = input;
  if (request.headers[mirrorHeader] === undefined) return input;
  const headers = withoutHeaders(request.headers, (name) => name === mirrorHeader);
  return { ...input, request: { ...request, headers } };
};

/** The memory of a body is used again after the response. */
const copyOf = (request: GatewayRequest): GatewayRequest => ({
  ...request,
  headers: { ...request.headers, [mirrorHeader]: 'true' },
  body: request.body && Buffer.from(request.body),
});

/**
 * Counts and logs what became of a copy. Lambda may freeze the environment after the response: a copy that fails later
 * says nothing about its upstream.
 */
const observe = async (
  copy: ForwardInput,
  real: Promise<Forwarded>,
  { forward, metrics, log }: UpstreamTools,
): Promise<void> => {
  const { upstream } = copy.target;
  let isResponded = false;
  const realStatus = real.then(
    ({ outcome }) => statusOf(outcome),
    () => 500,
  );
  void realStatus.then(() => (isResponded = true));
  const report = (message: string, fields: object): void =>
    log.warn(message, {
      correlation_id: copy.request.id,
      route: copy.route.id,
      upstream,
      ...fields,
    });
  try {
    const { outcome, upstream: call } = await forward(copy);
    if (outcome instanceof GatewayError) {
      if (isResponded) return metrics.add(mirrorMetrics.dropped, 1, { upstream });
      const { code, note, cause } = outcome;
      metrics.add(mirrorMetrics.failures, 1, { upstream });
      return report('a mirrored request failed', {
        error_code: code,
        upstream_ms: call.durationMs,
        error: note === undefined ? describeError(cause) : { note, ...describeError(cause) },
      });
    }
    if (Buffer.isBuffer(outcome.body)) releaseLargeBody(outcome.body);
    const status = await realStatus;
    if (classOf(status) === classOf(outcome.statusCode)) return;
    metrics.add(mirrorMetrics.differences, 1, { upstream });
    report('a mirrored request has another status', {
      status_code: status,
      mirror_status_code: outcome.statusCode,
    });
  } catch (error) {
    metrics.add(mirrorMetrics.failures, 1, { upstream });
    report('a mirrored request failed', { error: describeError(error) });
  }
};

const classOf = (status: number): number => Math.floor(status / 100);
