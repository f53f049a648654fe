import type { Route, UpstreamPolicy } from '../../contract.ts';
import { forwardedHeaders } from '../../http/forwarded-headers.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayResponse, ResponseLimits } from '../../http/response.ts';
import { encodePath, encodeQuery, fillTemplate } from '../../http/upstream-path.ts';
import { responseFromUpstream } from '../../http/response-from-upstream.ts';
import type { Forward } from '../../parts.ts';
import { failed } from '../../transport/attempt.ts';
import { errorOf } from '../../transport/upstream-error.ts';
import { createCircuitBreaker } from '../../transport/circuit-breaker.ts';
import { type Connect, createConnections } from '../../transport/connections.ts';
import { createToPublicUrls } from '../../http/public-urls.ts';
import { createRetry } from '../../transport/retry.ts';

/** An HTTP upstream of the contract with its URL, whose path is prepended to the path of each request. */
export interface Upstream {
  readonly policy: UpstreamPolicy<'http'>;
  readonly url: URL;
}

interface Dependencies {
  readonly upstreams: Readonly<Record<string, Upstream>>;
  /** The routes of the contract, to convert URLs in responses to public ones. */
  readonly routes?: readonly Route[];
  readonly limits: ResponseLimits;
  readonly now: () => number;
  readonly onBreakerOpen: (upstream: string) => void;
  /** From 0 to below 1. */
  readonly random?: () => number;
  readonly connect?: Connect;
  /** The gateway's own name in `Via`. */
  readonly viaName?: string;
}

export const createForward = (dependencies: Dependencies): Forward<'http'> => {
  const { upstreams, limits, now, onBreakerOpen, random = Math.random, routes = [] } = dependencies;
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
          connections: connect(url, { now, maxBodyBytes: limits.maxBodyBytes }),
          retry: createRetry({ retries: policy.retries, breaker, now, random }),
        },
      ];
    }),
  );

  return async ({ request, route, target, params, deadlineMs, caller, callerKey }) => {
    const name = target.upstream;
    const peer = byName.get(name);
    if (peer === undefined) throw new TypeError(`No upstream is named ${name}`);
    const startedAtMs = now();
    let attempts = 0;
    const send = async (): Promise<GatewayResponse> => {
      // Never resolved against the upstream's URL: a client's path could then choose the host (RFC 3986 §5.2).
      const ownPath = encodePath(request.segments);
      const { rewrite } = target;
      const path = rewrite === undefined ? ownPath : fillTemplate(rewrite, params);
      const query = request.query === '' ? '' : `?${encodeQuery(request.query)}`;
      const outgoing = {
        method: request.method,
        path: peer.basePath + path + query,
        headers: forwardedHeaders(request, caller, { upstreamHost: peer.host, viaName }),
        body: request.body,
      };
      // If the upstream's URL has a path, no prefix converts the upstream's path to a public one.
      const isAtRoot = peer.basePath === '';
      const prefix = isAtRoot ? request.basePath + removedPrefix(ownPath, path) : '';
      if (prefix !== '') outgoing.headers.push('x-forwarded-prefix', prefix);
      assertHeaderSize(outgoing.headers, peer.policy.maxHeaderBytes);
      const attemptsEndMs = Math.min(deadlineMs, startedAtMs + target.timeoutMs);
      const attempt = () => {
        attempts += 1;
        return peer.connections.send(outgoing, attemptsEndMs);
      };
      const response = responseFromUpstream(
        await peer.retry(outgoing, attemptsEndMs, attempt, callerKey),
        request.method,
        peer.policy.startsSessions,
      );
      const { basePath } = request;
      const mapped = peer.toPublicUrls(response, { route, basePath, prefix });
      if (!limits.accepts(mapped)) throw errorOf(failed('response-too-large'));
      return mapped;
    };
    const outcome = await send().catch((error: unknown) => {
      if (error instanceof GatewayError) return error;
      throw error;
    });
    const sent = attempts > 0 && { attempts, durationMs: now() - startedAtMs };
    return { upstream: { name, ...sent }, outcome };
  };
};

/**
 * Checked before a connection is opened: an upstream that closes it because of too many headers would look like a
 * failure.
 */
const assertHeaderSize = (headers: readonly string[], maxBytes: number): void => {
  let bytes = 0;
  for (const text of headers) bytes += text.length + 2; // `: ` after a name, CRLF after a value; a character is a byte.
  if (bytes <= maxBytes) return;
  throw new GatewayError('HEADERS_TOO_LARGE', {
    detail: `Send fewer or shorter headers and cookies: with those of the gateway they have ${bytes} bytes, and ${maxBytes} are allowed.`,
  });
};

/** The prefix that a rewrite removes from the path. Empty if it removes none, or changes more than a prefix. */
const removedPrefix = (ownPath: string, path: string): string =>
  ownPath.length > path.length && ownPath.endsWith(path)
    ? ownPath.slice(0, ownPath.length - path.length)
    : '';
