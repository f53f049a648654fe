import type { Match, UpstreamPolicy } from '../contract/contract.ts';
import { type Caller, forwardedHeaders } from '../http/forwarded-headers.ts';
import { GatewayError } from '../http/gateway-error.ts';
import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import { fitsIntoResult } from '../http/response-to-result.ts';
import { encodePath, encodeQuery, fillTemplate } from '../http/upstream-path.ts';
import { answerToResponse } from './answer-to-response.ts';
import { errorOf, failed } from './attempt.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { type Connect, createConnections } from './connections.ts';
import { createRetry } from './retry.ts';

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
  readonly caller: Caller | undefined;
  /** Identifies the caller for the breaker, as the limiter knows them: by user or by address. */
  readonly callerKey: () => string;
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
  /** From 0 to below 1. */
  readonly random?: () => number;
  readonly connect?: Connect;
  /** The gateway's own name in `Via`. */
  readonly viaName?: string;
}

export const createForward = (dependencies: Dependencies): Forward => {
  const { upstreams, now, onBreakerOpen, random = Math.random } = dependencies;
  const { connect = createConnections, viaName = 'postern' } = dependencies;
  const byName = new Map(
    Object.entries(upstreams).map(([name, { policy, url }]) => {
      const onOpen = (): void => onBreakerOpen(name);
      const breaker = createCircuitBreaker({ policy: policy.breaker, now, onOpen });
      return [
        name,
        {
          policy,
          host: url.host,
          basePath: url.pathname.replace(/\/$/, ''),
          connections: connect(url, now),
          retry: createRetry({ retries: policy.retries, breaker, now, random }),
        },
      ];
    }),
  );

  return async ({ request, match, deadlineMs, caller, callerKey, upstream }) => {
    const { target } = match.route;
    const peer = target.kind === 'upstream' ? byName.get(target.upstream) : undefined;
    if (target.kind !== 'upstream' || peer === undefined) {
      throw new TypeError(`${match.route.id} has no upstream to go to`);
    }
    upstream.name = target.upstream;
    const outgoing = {
      method: request.method,
      path: peer.basePath + pathOf(request, target.rewrite, match.params),
      headers: forwardedHeaders(request, caller, { upstreamHost: peer.host, viaName }),
      body: request.body,
    };
    assertHeaderSize(outgoing.headers, peer.policy.maxHeaderBytes);
    const startedAtMs = now();
    const endMs = Math.min(deadlineMs, startedAtMs + target.timeoutMs);
    const attempt = () => {
      upstream.attempts = (upstream.attempts ?? 0) + 1;
      return peer.connections.send(outgoing, endMs - now());
    };
    try {
      const response = answerToResponse(
        await peer.retry(outgoing, endMs, attempt, callerKey),
        request.method,
        peer.policy.startsSessions,
      );
      if (fitsIntoResult(response)) return response;
      throw errorOf(failed('answer-too-large'));
    } finally {
      if (upstream.attempts !== undefined) upstream.durationMs = now() - startedAtMs;
    }
  };
};

/** Before a connection is made: a service that answers too many headers by closing would look as if it had failed. */
const assertHeaderSize = (headers: readonly string[], maxBytes: number): void => {
  let bytes = 0;
  for (const text of headers) bytes += text.length + 2; // `: ` after a name, CRLF after a value; a character is a byte.
  if (bytes <= maxBytes) return;
  throw new GatewayError('HEADERS_TOO_LARGE', {
    detail: `Send fewer or shorter headers and cookies: with the gateway’s own they have ${bytes} bytes, of ${maxBytes}.`,
  });
};

/** Never resolved against the upstream's URL: a client's path would then choose its host (RFC 3986 §5.2). */
const pathOf = (
  { segments, query }: GatewayRequest,
  rewrite: string | undefined,
  params: Match['params'],
): string => {
  const path = rewrite === undefined ? encodePath(segments) : fillTemplate(rewrite, params);
  return query === '' ? path : `${path}?${encodeQuery(query)}`;
};
