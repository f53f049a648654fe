import type { Match, Route, UpstreamPolicy } from '../../contract.ts';
import { type Caller, forwardedHeaders } from '../../http/forwarded-headers.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { fitsIntoResult } from '../../http/response-to-result.ts';
import { encodePath, encodeQuery, fillTemplate } from '../../http/upstream-path.ts';
import { answerToResponse } from './answer-to-response.ts';
import { errorOf, failed } from './attempt.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { type Connect, createConnections } from './connections.ts';
import { createToPublicUrls } from './public-urls.ts';
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
  /** The contract's, by which the URLs of responses are made public; the request's own is known in any case. */
  readonly routes?: readonly Route[];
  readonly now: () => number;
  readonly onBreakerOpen: (upstream: string) => void;
  /** From 0 to below 1. */
  readonly random?: () => number;
  readonly connect?: Connect;
  /** The gateway's own name in `Via`. */
  readonly viaName?: string;
}

export const createForward = (dependencies: Dependencies): Forward => {
  const { upstreams, now, onBreakerOpen, random = Math.random, routes = [] } = dependencies;
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
          toPublicUrls: createToPublicUrls(url, name, routes),
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
    // Never resolved against the upstream's URL: a client's path would then choose its host (RFC 3986 §5.2).
    const ownPath = encodePath(request.segments);
    const { rewrite } = target;
    const path = rewrite === undefined ? ownPath : fillTemplate(rewrite, match.params);
    const query = request.query === '' ? '' : `?${encodeQuery(request.query)}`;
    const outgoing = {
      method: request.method,
      path: peer.basePath + path + query,
      headers: forwardedHeaders(request, caller, { upstreamHost: peer.host, viaName }),
      body: request.body,
    };
    // Of an upstream whose URL has a path, no prefix makes a public path of what it sees.
    const isAtRoot = peer.basePath === '';
    const prefix = isAtRoot ? request.basePath + removedPrefix(ownPath, path) : '';
    if (prefix !== '') outgoing.headers.push('x-forwarded-prefix', prefix);
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
      const { basePath } = request;
      const mapped = peer.toPublicUrls(response, { route: match.route, basePath, prefix });
      if (fitsIntoResult(mapped)) return mapped;
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

/** What a rewrite takes from the path's beginning; where it changes more than that, there is no such prefix. */
const removedPrefix = (ownPath: string, path: string): string =>
  ownPath.length > path.length && ownPath.endsWith(path)
    ? ownPath.slice(0, ownPath.length - path.length)
    : '';
