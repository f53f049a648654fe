import type { UpstreamKindName } from '../../contract.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
import type { Feature, ForwardInput, Forwarded, Forwarder, UpstreamKind } from '../../parts.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { type Directives, readDirectives } from './cache-control.ts';
import { type CacheKeys, chosenQuery, keysOf, variantOf } from './cache-key.ts';
import { addCacheStatus, type CacheStatus } from './cache-status.ts';
import { createRules } from './freshness.ts';
import { isAbout, isUnmodified, notModified, updated } from './preconditions.ts';
import { createResponseMemory, type StoredResponse } from './response-memory.ts';

declare module '../../contract.ts' {
  interface Route {
    /** Absent: nothing is stored. */
    readonly cache?: CachePlan;
  }
}

declare module '../../exchange.ts' {
  interface UpstreamCall {
    /** On a route with a cache. */
    readonly cache?: CacheResult;
  }
}

export interface CachePlan {
  /** For responses whose upstream says nothing. Absent: those are not stored. */
  readonly ttlSeconds?: number;
  /** Request headers that are part of the key, in lower case. */
  readonly headers?: readonly string[];
  /** The only parameters of the query, which are part of the key. Absent: the whole query is. */
  readonly query?: readonly string[];
  /** Whether only what is for every caller is stored. */
  readonly sharedOnly?: true;
  /** Headers with credentials that the gateway does not check. */
  readonly credentialHeaders?: readonly string[];
}

/** `stale`: from the cache, without or before a validation. `revalidated`: from the cache, after it. */
export type CacheResult = 'hit' | 'stale' | 'revalidated' | 'miss' | 'bypass';

/** Not in the catalogue, which every gateway has. */
const hits = { name: 'CacheHits', unit: 'Count' };
const misses = { name: 'CacheMisses', unit: 'Count' };

/** An execution environment has 512 MB by default. */
const memoryLimits = { maxBytes: 32 * 1_024 ** 2, maxResponseBytes: 4 * 1_024 ** 2 };

/**
 * The longest wait for the validation of a response that may be sent meanwhile. Afterwards the execution environment is
 * frozen until its next request, in which the validation ends.
 */
const refreshWithinMs = 100;

/** The access log says what the cache did. */
export const cache: Feature = () => {
  const log: NonNullable<ReturnType<Feature>['after']> = ({ context: { exchange } }) => {
    const result = exchange.upstream?.cache;
    if (result !== undefined) exchange.logFields = { ...exchange.logFields, cache: result };
  };
  return { after: log, onError: log };
};

interface Tools {
  readonly metrics: Metrics;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A kind of upstream whose responses are stored (RFC 9111, as a shared cache in one execution environment). */
export const withCache =
  <K extends UpstreamKindName>(kind: UpstreamKind<K>): UpstreamKind<K> =>
  (contract, settings) => {
    const open = kind(contract, settings);
    return (tools) => forwardCached(open(tools), tools, stateOf(tools));
  };

/** What the kinds of one gateway share. */
interface State {
  readonly memory: ReturnType<typeof createResponseMemory>;
  readonly rules: ReturnType<typeof createRules>;
  /** By key: what a request waits for that could have the same response. */
  readonly underway: Map<string, Promise<unknown>>;
}

const states = new WeakMap<Tools, State>();

export const stateOf = (tools: Tools): State => {
  const known = states.get(tools);
  if (known !== undefined) return known;
  const state = {
    memory: createResponseMemory(memoryLimits),
    rules: createRules(tools.now),
    underway: new Map<string, Promise<unknown>>(),
  };
  states.set(tools, state);
  return state;
};

type Why = 'uri-miss' | 'vary-miss' | 'request' | 'stale';

interface Found {
  readonly stored: StoredResponse;
  readonly key: string;
}

/** A request on a route with a cache. */
interface Lookup<K extends UpstreamKindName> {
  readonly input: ForwardInput<K>;
  readonly plan: CachePlan;
  readonly keys: CacheKeys;
  readonly directives: Directives;
}

export const forwardCached = <K extends UpstreamKindName>(
  inner: Forwarder<K>,
  { metrics, now }: Tools,
  { memory, rules, underway }: State,
): Forwarder<K> => {
  const ended = (
    { input: { route, request } }: Pick<Lookup<K>, 'input'>,
    { upstream, outcome }: Forwarded,
    result: CacheResult,
    status: CacheStatus,
  ): Forwarded => {
    const isHit = result !== 'miss' && result !== 'bypass';
    metrics.add(isHit ? hits : misses, 1, { route: route.id });
    const call = { ...upstream, cache: result };
    if (outcome instanceof GatewayError) return { upstream: call, outcome };
    const sent =
      result !== 'bypass' && isUnmodified(request, outcome) ? notModified(outcome) : outcome;
    const headers = { ...sent.headers };
    addCacheStatus(headers, status);
    return { upstream: call, outcome: { ...sent, headers } };
  };

  /** As the client gets it. */
  const fromStored = (
    { freshness, response }: StoredResponse,
    { method }: GatewayRequest,
  ): GatewayResponse => {
    const headers = { ...response.headers, age: String(freshness.ageSeconds()) };
    if (method !== 'HEAD') return { ...response, headers };
    const { body, ...head } = response;
    return { ...head, headers: { ...headers, 'content-length': String(body.length) } };
  };

  const sendStored = (
    lookup: Lookup<K>,
    { stored }: Found,
    result: CacheResult,
    status: CacheStatus,
    upstream: Forwarded['upstream'] = { name: lookup.input.target.upstream },
  ): Forwarded =>
    ended(lookup, { upstream, outcome: fromStored(stored, lookup.input.request) }, result, status);

  const hit = (lookup: Lookup<K>, found: Found): Forwarded => {
    const secondsLeft = found.stored.freshness.secondsLeft();
    const result = secondsLeft < 0 ? 'stale' : 'hit';
    return sendStored(lookup, found, result, { kind: 'hit', secondsLeft });
  };

  /** Of the variants, and whether there are others. */
  const find = ({ input, keys }: Lookup<K>): { found?: Found; isVariant: boolean } => {
    let isVariant = false;
    for (const key of keys.own === undefined ? [keys.shared] : [keys.own, keys.shared])
      for (const stored of memory.find(key)) {
        if (key === keys.shared && keys.own !== undefined && !stored.isForAll) continue;
        const { vary, values } = stored.variant;
        if (variantOf(vary, input)?.values === values) return { found: { stored, key }, isVariant };
        isVariant = true;
      }
    return { isVariant };
  };

  const store = (
    { input, plan, keys, directives }: Lookup<K>,
    response: GatewayResponse,
    requestedAtMs: number,
  ): Found | undefined => {
    const variant = variantOf(response.headers['vary'], input);
    if (variant === undefined || directives.has('no-store')) return undefined;
    const said = readDirectives(response.headers['cache-control']);
    const isForAll = said.has('public') || said.has('s-maxage');
    const isShared = isForAll || keys.own === undefined;
    if (!isShared && plan.sharedOnly) return undefined;
    const kept = { ...response, headers: storable(response.headers), body: copyOf(response.body) };
    const freshness = rules.freshnessOf({
      response: kept,
      requestedAtMs,
      receivedAtMs: now(),
      ttlSeconds: plan.ttlSeconds,
    });
    if (freshness === undefined) return undefined;
    const key = isShared ? keys.shared : (keys.own ?? keys.shared);
    const { path } = input.request;
    const stored = { response: kept, freshness, path, variant, isForAll };
    memory.keep(key, stored);
    return { stored, key };
  };

  /** Sends the request to the upstream: with the validators of the stored response if there is one. */
  const load = async (
    lookup: Lookup<K>,
    found: Found | undefined,
    why: Why,
  ): Promise<Forwarded> => {
    const { input } = lookup;
    const requestedAtMs = now();
    const request = conditional(input.request, found?.stored.response);
    const forwarded = await inner.forward({ ...input, request });
    const { upstream, outcome } = forwarded;
    const isFailure = outcome instanceof GatewayError || failures.has(outcome.statusCode);
    if (found && isFailure && found.stored.freshness.survivesErrors(lookup.directives)) {
      const status = outcome instanceof GatewayError ? outcome.status : outcome.statusCode;
      return sendStored(lookup, found, 'stale', { kind: 'forwarded', why, status }, upstream);
    }
    if (outcome instanceof GatewayError)
      return ended(lookup, forwarded, 'miss', { kind: 'forwarded', why });
    if (found && outcome.statusCode === 304) {
      memory.drop(found.key, found.stored);
      if (!isAbout(outcome, found.stored.response)) return load(lookup, undefined, why);
      const response = updated(found.stored.response, outcome);
      const stored = store(lookup, response, requestedAtMs);
      const status = {
        kind: 'forwarded',
        why,
        status: 304,
        isStored: stored !== undefined,
      } as const;
      if (stored !== undefined) return sendStored(lookup, stored, 'revalidated', status, upstream);
      return ended(lookup, { upstream, outcome: response }, 'revalidated', status);
    }
    if (found && !isFailure) memory.drop(found.key, found.stored);
    const isStored = store(lookup, outcome, requestedAtMs) !== undefined;
    return ended(lookup, forwarded, 'miss', { kind: 'forwarded', why, isStored });
  };

  /** One request at a time for what could be one response. */
  const loadOnce = (
    lookup: Lookup<K>,
    ...rest: [found: Found | undefined, why: Why]
  ): Promise<Forwarded> => {
    const key = lookup.keys.own ?? lookup.keys.shared;
    const loading = load(lookup, ...rest);
    const end = loading.then(
      () => underway.delete(key),
      () => underway.delete(key),
    );
    underway.set(key, end);
    return loading;
  };

  /** The new response, or after a while the stale one. */
  const refresh = async (lookup: Lookup<K>, found: Found): Promise<Forwarded> => {
    if (underway.has(lookup.keys.own ?? lookup.keys.shared)) return hit(lookup, found);
    const loading = loadOnce(lookup, found, 'stale').catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), refreshWithinMs);
    });
    const forwarded = await Promise.race([loading, late]);
    clearTimeout(timer);
    const isUsable =
      forwarded !== undefined &&
      !(forwarded.outcome instanceof GatewayError) &&
      !failures.has(forwarded.outcome.statusCode);
    return isUsable ? forwarded : hit(lookup, found);
  };

  const respond = async (lookup: Lookup<K>, mayWait: boolean): Promise<Forwarded> => {
    const { input, directives, keys } = lookup;
    const { found, isVariant } = find(lookup);
    const verdict = found?.stored.freshness.judge(directives);
    if (found && verdict === 'fresh') return hit(lookup, found);
    if (found && verdict === 'refreshing' && input.request.method !== 'HEAD')
      return refresh(lookup, found);
    if (directives.has('only-if-cached'))
      return ended(lookup, notCached(input.target.upstream), 'miss', miss(isVariant));
    const why = found
      ? verdict === 'refused'
        ? 'request'
        : 'stale'
      : isVariant
        ? 'vary-miss'
        : 'uri-miss';
    if (input.request.method === 'HEAD')
      return ended(lookup, await inner.forward(input), 'miss', { kind: 'forwarded', why });
    const first = mayWait ? underway.get(keys.own ?? keys.shared) : undefined;
    if (first === undefined) return loadOnce(lookup, found, why);
    await first;
    return respond(lookup, false);
  };

  return {
    forward: async (input) => {
      const { request, route } = input;
      if (route.cache === undefined || !reading.has(request.method)) {
        const forwarded = await inner.forward(input);
        const { outcome } = forwarded;
        // RFC 9111 §4.4.
        if (
          !safe.has(request.method) &&
          !(outcome instanceof GatewayError) &&
          outcome.statusCode < 400
        )
          memory.dropPath(request.path);
        return forwarded;
      }
      const { query: names } = route.cache;
      const query = names === undefined ? request.query : chosenQuery(request.query, names);
      const own = query === request.query ? input : { ...input, request: { ...request, query } };
      if (bypassing.some((name) => name in request.headers))
        return ended({ input }, await inner.forward(own), 'bypass', {
          kind: 'forwarded',
          why: 'bypass',
        });
      const { headers } = request;
      const lookup = {
        input: own,
        plan: route.cache,
        keys: keysOf(own, route.cache),
        directives: readDirectives(headers['cache-control'] ?? headers['pragma']),
      };
      return respond(lookup, true);
    },
  };
};

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** RFC 9110 §9.2.1. */
const safe: ReadonlySet<string> = new Set([...reading, 'OPTIONS']);

/** Ranges are not stored; the others are for the upstream to judge (RFC 9111 §4.3.2). */
const bypassing = ['range', 'if-match', 'if-unmodified-since'];

/** RFC 5861 §4. */
const failures: ReadonlySet<number> = new Set([500, 502, 503, 504]);

const miss = (isVariant: boolean): CacheStatus => ({
  kind: 'forwarded',
  why: isVariant ? 'vary-miss' : 'uri-miss',
});

/** RFC 9111 §5.2.1.7. */
const notCached = (name: string): Forwarded => ({
  upstream: { name },
  outcome: new GatewayError('NOT_CACHED', {
    detail: 'Send the request without "only-if-cached" to get the response of the service.',
  }),
});

/**
 * RFC 9111 §4.3.1. Without the client's own conditions: a 304 about a response that the gateway does not have could not
 * be stored, and the client's conditions are judged by the response.
 */
const conditional = (
  request: GatewayRequest,
  stored: GatewayResponse | undefined,
): GatewayRequest => {
  const { etag, 'last-modified': modified } = stored?.headers ?? {};
  return {
    ...request,
    headers: {
      ...withoutHeaders(request.headers, (name) => conditions.test(name)),
      ...(etag !== undefined && { 'if-none-match': etag }),
      ...(modified !== undefined && { 'if-modified-since': modified }),
    },
  };
};

const conditions = /^if-(?:none-match|modified-since|range)$/;

/** What is about one request alone is not stored: a later client would take it for its own. */
const storable = (headers: GatewayResponse['headers']): Record<string, string> => ({
  ...withoutHeaders(headers, (name) => ofRequest.test(name)),
});

const ofRequest = /^(?:(?:x-)?rate-?limit(?:-.*)?|x-request-id)$/;

/** The memory of the body that is sent is used again for another one. */
const copyOf = (body: Buffer | string | undefined): Buffer => Buffer.from(body ?? '');
