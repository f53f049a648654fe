import type { Match, UpstreamPolicy } from '../contract/contract.ts';
import { forwardedHeaders } from '../http/forwarded-headers.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import { encodePath, encodeQuery, fillTemplate } from '../http/upstream-path.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { createConnections } from './connections.ts';
import { createRetry } from './retry.ts';
import { sendOnce } from './send-once.ts';
import { upstreamFailure } from './upstream-failure.ts';

/** What the forwarder tells the access log of its call. */
export interface UpstreamCall {
  name?: string;
  /** First byte sent to last byte received, over all attempts. */
  durationMs?: number;
  attempts?: number;
}

export interface ForwardInput {
  readonly request: GatewayRequest;
  readonly match: Match;
  /** Epoch milliseconds by which the answer must be there, or 504 is. */
  readonly deadlineMs: number;
  /** Who is calling, on a route that needs a session. */
  readonly caller: { readonly userId: string; readonly roles: readonly string[] } | undefined;
  /** Filled for the access log. */
  readonly upstream: UpstreamCall;
}

/** Sends a request to its route's upstream. Throws the UPSTREAM_… errors; the upstream's own errors are its answers. */
export type Forward = (input: ForwardInput) => Promise<GatewayResponse>;

/** An upstream of the contract, with the URL that the environment gives it. Its path stands before every request's. */
export interface Upstream {
  readonly policy: UpstreamPolicy;
  readonly url: URL;
}

interface Dependencies {
  readonly upstreams: Readonly<Record<string, Upstream>>;
  readonly now: () => number;
  readonly onBreakerOpen: (upstream: string) => void;
}

export const createForward = ({ upstreams, now, onBreakerOpen }: Dependencies): Forward => {
  const byName = new Map(
    Object.entries(upstreams).map(([name, { policy, url }]) => [
      name,
      {
        url,
        retries: policy.retries,
        retry: createRetry(),
        connections: createConnections(url, now),
        breaker: createCircuitBreaker(policy.breaker, () => onBreakerOpen(name)),
      },
    ]),
  );

  return async ({ request, match, deadlineMs, caller, upstream }) => {
    const { target } = match.route;
    const peer = target.kind === 'upstream' ? byName.get(target.upstream) : undefined;
    if (target.kind !== 'upstream' || peer === undefined) {
      throw new TypeError(`${match.route.id} has no upstream to go to`);
    }
    const { url, connections, breaker, retry, retries } = peer;
    const outgoing = {
      method: request.method,
      path: pathAt(url, match, request),
      headers: forwardedHeaders(request, caller, url.host),
      body: request.body,
    };
    const startedAtMs = now();
    const untilMs = Math.min(deadlineMs, startedAtMs + target.timeoutMs);
    upstream.name = target.upstream;
    const attempt = () => {
      upstream.attempts = (upstream.attempts ?? 0) + 1;
      return sendOnce(connections, outgoing, untilMs - now());
    };
    try {
      return await breaker(() =>
        retry({ request, retries, attempt }).catch((error: unknown) => {
          throw upstreamFailure(error);
        }),
      );
    } finally {
      if (upstream.attempts !== undefined) upstream.durationMs = now() - startedAtMs;
    }
  };
};

/** Never resolved against the upstream's URL: a client's path would then choose its host (RFC 3986 §5.2). */
const pathAt = (url: URL, { route, params }: Match, request: GatewayRequest): string => {
  const rewrite = route.target.kind === 'upstream' ? route.target.rewrite : undefined;
  const path = rewrite === undefined ? encodePath(request.segments) : fillTemplate(rewrite, params);
  const query = request.query === '' ? '' : `?${encodeQuery(request.query)}`;
  return `${url.pathname.replace(/\/$/, '')}${path}${query}`;
};
