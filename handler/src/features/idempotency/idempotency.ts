import { createHash } from 'node:crypto';
import type { Route, UpstreamKindName } from '../../contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
import type { ForwardInput, Forwarded, Forwarder, UpstreamKind } from '../../parts.ts';
import type {
  EarlierRequest,
  IdempotencyStore,
} from '../../stores/idempotency/idempotency-store.ts';
import { describeError, type Log } from '../../telemetry/logger.ts';
import { keyHeader, readKey } from './idempotency-key.ts';

declare module '../../contract.ts' {
  interface Route {
    /** Absent: the gateway forwards an `Idempotency-Key` like any other header. */
    readonly idempotency?: { readonly ttlSeconds: number };
  }
}

declare module '../../parts.ts' {
  interface UpstreamTools {
    readonly idempotency?: IdempotencyStore;
  }
}

interface Dependencies {
  readonly store: IdempotencyStore;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * A kind of upstream whose routes carry out a request with an `Idempotency-Key` once: a repeated one gets the response
 * of the first (draft-ietf-httpapi-idempotency-key-header-07).
 */
export const withIdempotency =
  <K extends UpstreamKindName>(kind: UpstreamKind<K>): UpstreamKind<K> =>
  (contract, settings) => {
    const open = kind(contract, settings);
    return (tools) => {
      const { idempotency: store, log, now } = tools;
      if (store === undefined) throw new TypeError('There is no store of idempotency keys');
      return forwardOnce(open(tools), { store, log, now });
    };
  };

export const forwardOnce = <K extends UpstreamKindName>(
  inner: Forwarder<K>,
  { store, log, now }: Dependencies,
): Forwarder<K> => {
  /** The first request with its key, which is already claimed. */
  const carryOut = async (input: ForwardInput<K>, key: string): Promise<Forwarded> => {
    const { request, deadlineMs } = input;
    // The key ends here: with it, an upstream that does not know it would get retries.
    const headers = withoutHeaders(request.headers, (name) => name === keyHeader);
    const forwarded = await inner.forward({ ...input, request: { ...request, headers } });
    const { outcome } = forwarded;
    const end =
      outcome instanceof GatewayError
        ? isNotCarriedOut(outcome) && store.release(key, request.id, deadlineMs)
        : store.finish(key, request.id, outcome, deadlineMs);
    // What has happened at the upstream does not change. Later requests with the key learn that its outcome is unknown.
    if (end !== false)
      await end.catch((error: unknown) =>
        log.error('the response to an idempotency key is not kept', {
          correlation_id: request.id,
          error: describeError(error),
        }),
      );
    return forwarded;
  };

  const begin = async (
    { request, route, caller, deadlineMs, target }: ForwardInput<K>,
    ttlSeconds: number,
    sentKey: string,
  ) => {
    const key = keyOf(route, caller?.userId, readKey(sentKey));
    const fingerprint = fingerprintOf(request);
    const first = {
      requestId: request.id,
      fingerprint,
      leaseEndsAtMs: deadlineMs,
      endsAtMs: now() + ttlSeconds * 1_000,
    };
    const earlier = await store.begin(key, first, deadlineMs).catch(async (cause: unknown) => {
      // The write may have happened although its response was lost.
      const soonMs = Math.min(deadlineMs, now() + 1_000);
      await store.release(key, request.id, soonMs).catch(() => undefined);
      throw new GatewayError('IDEMPOTENCY_STORE_UNAVAILABLE', {
        detail: 'The request was not carried out. Try again later.',
        headers: { 'retry-after': '1' },
        cause,
      });
    });
    const upstream = { name: target.upstream };
    return earlier === undefined
      ? { key }
      : { forwarded: { upstream, outcome: replay(earlier, fingerprint, now()) } };
  };

  return {
    forward: async (input) => {
      const { idempotency } = input.route;
      const sentKey = input.request.headers[keyHeader];
      if (idempotency === undefined || sentKey === undefined) return inner.forward(input);
      try {
        const begun = await begin(input, idempotency.ttlSeconds, sentKey);
        return begun.forwarded ?? (await carryOut(input, begun.key));
      } catch (outcome) {
        if (!(outcome instanceof GatewayError)) throw outcome;
        return { upstream: { name: input.target.upstream }, outcome };
      }
    },
  };
};

/** The response of the first request. Throws if there is none, or if that was another request. */
const replay = (
  { fingerprint, response, leaseEndsAtMs }: EarlierRequest,
  ownFingerprint: string,
  nowMs: number,
): GatewayResponse => {
  if (fingerprint !== ownFingerprint)
    throw new GatewayError('IDEMPOTENCY_KEY_REUSED', {
      detail: 'Send a new key with a new request.',
    });
  if (response !== undefined)
    return { ...response, headers: { ...response.headers, 'idempotent-replayed': 'true' } };
  if (leaseEndsAtMs !== undefined && nowMs < leaseEndsAtMs + skewMs)
    throw new GatewayError('IDEMPOTENCY_IN_PROGRESS', {
      detail: 'Wait for the response to the first request with this key, or try again.',
      headers: { 'retry-after': '1' },
    });
  throw new GatewayError('IDEMPOTENCY_OUTCOME_UNKNOWN', {
    detail:
      'The first request with this key may have been carried out. Check whether it was; send a new key to repeat it.',
    note: leaseEndsAtMs === undefined ? 'the response was too large to be kept' : undefined,
  });
};

/** Clocks of execution environments differ by less. */
const skewMs = 1_000;

/** Errors that say that the upstream got nothing of the request. After any other, nobody knows. */
const isNotCarriedOut = ({ code }: GatewayError): boolean =>
  code === 'UPSTREAM_UNREACHABLE' ||
  code === 'UPSTREAM_BREAKER_OPEN' ||
  code === 'HEADERS_TOO_LARGE' ||
  code === 'LOOP_DETECTED' ||
  code === 'BAD_REQUEST';

const keyOf = (route: Route, userId: string | undefined, key: string): string => {
  if (userId === undefined) throw new TypeError('A route with idempotency has a caller');
  return hashOf([route.id, userId, key]);
};

/** What makes two requests equal: the address and the content. */
const fingerprintOf = ({ method, path, query, headers, body }: GatewayRequest): string =>
  hashOf([method, path, query, headers['content-type'] ?? '', body ?? '']);

/** Each part with its length, so that no two lists have the same text. */
const hashOf = (parts: ReadonlyArray<string | Buffer>): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('base64url');
};
