import type { UpstreamKindName } from '../../contract.ts';
import { GatewayError, statusOf } from '../../http/gateway-error.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { safeMethods } from '../../http/safe-methods.ts';
import { onEveryResponse } from '../../middleware.ts';
import type {
  Feature,
  Forward,
  ForwardInput,
  Forwarded,
  UpstreamKind,
  UpstreamTools,
} from '../../parts.ts';
import type { CachePurges } from '../../stores/cache/dynamodb-purges.ts';
import type { ResponseTable } from '../../stores/cache/response-table.ts';
import { readDirectives } from './cache-control.ts';
import { type CachePlan, chosenQuery, keysOf } from './cache-key.ts';
import { addCacheStatus, type CacheStatus } from './cache-status.ts';
import { createRules } from './freshness.ts';
import { createKnownPurges, type KnownPurges } from './known-purges.ts';
import { conditional, isAbout, isUnmodified, notModified, updated } from './preconditions.ts';
import { createResponseMemory, type StoredResponse } from './response-memory.ts';
import {
  atMost,
  createStoredResponses,
  type Found,
  type Lookup,
  type StoredResponses,
} from './stored-responses.ts';

declare module '../../contract.ts' {
  interface Route {
    /** Absent: nothing is stored. */
    readonly cache?: CachePlan;
    /** Of a route that changes what may be stored in the table of the cache for its path. */
    readonly changesCached?: true;
  }
}

declare module '../../parts.ts' {
  interface UpstreamTools {
    readonly cachePurges?: CachePurges;
    /** Undefined: no route stores responses there. */
    readonly cachedResponses?: ResponseTable;
  }
}

declare module '../../exchange.ts' {
  interface UpstreamCall {
    /** On a route with a cache. */
    readonly cache?: CacheResult;
  }
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
export const cache: Feature = () =>
  onEveryResponse(({ context: { exchange } }) => {
    const result = exchange.upstream?.cache;
    if (result !== undefined) exchange.logFields = { ...exchange.logFields, cache: result };
  });

/** A kind of upstream whose responses are stored (RFC 9111, as a shared cache in one execution environment). */
export const withCache =
  <K extends UpstreamKindName>(kind: UpstreamKind<K>): UpstreamKind<K> =>
  (contract, settings) => {
    const open = kind(contract, settings);
    return (tools) => {
      const inner = open(tools);
      const forward = forwardCached((input) => inner.forward(input as ForwardInput<K>), tools);
      return { forward };
    };
  };

type Tools = Pick<UpstreamTools, 'cachePurges' | 'cachedResponses' | 'log' | 'metrics' | 'now'>;

/** What the kinds of one gateway share. */
interface State {
  readonly responses: StoredResponses;
  readonly purges: KnownPurges;
  /** By key: what a request waits for that could have the same response. */
  readonly underway: Map<string, Promise<unknown>>;
}

const states = new WeakMap<Tools, State>();

const stateOf = (tools: Tools): State => {
  const known = states.get(tools);
  if (known !== undefined) return known;
  const { cachePurges, cachedResponses, log, now } = tools;
  if (cachePurges === undefined) throw new TypeError('There is no store of purges');
  const purges = createKnownPurges({ store: cachePurges, log, now });
  const state = {
    purges,
    responses: createStoredResponses({
      memory: createResponseMemory(memoryLimits),
      rules: createRules(now),
      purges,
      table: cachedResponses,
      log,
      now,
    }),
    underway: new Map<string, Promise<unknown>>(),
  };
  states.set(tools, state);
  return state;
};

type Why = (CacheStatus & { readonly kind: 'forwarded' })['why'];

export const forwardCached = (forward: Forward, tools: Tools): Forward => {
  const { metrics, now } = tools;
  const { responses, purges, underway } = stateOf(tools);

  const ended = (
    { request }: ForwardInput,
    { upstream, outcome }: Forwarded,
    result: CacheResult,
    status: CacheStatus,
  ): Forwarded => {
    const call = { ...upstream, cache: result };
    if (outcome instanceof GatewayError) return { upstream: call, outcome };
    const sent =
      result !== 'bypass' && isUnmodified(request, outcome) ? notModified(outcome) : outcome;
    const headers = { ...sent.headers };
    addCacheStatus(headers, status);
    return { upstream: call, outcome: { ...sent, headers } };
  };

  const sendStored = (
    { input }: Lookup,
    { stored }: Found,
    result: CacheResult,
    status: CacheStatus,
    upstream: Forwarded['upstream'] = { name: input.target.upstream },
  ): Forwarded => {
    const outcome = fromStored(stored, input.request.method);
    return ended(input, { upstream, outcome }, result, status);
  };

  const hit = (lookup: Lookup, found: Found): Forwarded => {
    const secondsLeft = found.stored.freshness.secondsLeft();
    const result = secondsLeft < 0 ? 'stale' : 'hit';
    return sendStored(lookup, found, result, { kind: 'hit', secondsLeft });
  };

  /** After a 304. */
  const revalidated = async (
    lookup: Lookup,
    { upstream }: Forwarded,
    response: GatewayResponse,
    { why, requestedAtMs }: { readonly why: Why; readonly requestedAtMs: number },
  ): Promise<Forwarded> => {
    const kept = await responses.keep(lookup, response, requestedAtMs);
    const status = { kind: 'forwarded', why, status: 304, isStored: kept !== undefined } as const;
    return kept === undefined
      ? ended(lookup.input, { upstream, outcome: response }, 'revalidated', status)
      : sendStored(lookup, kept, 'revalidated', status, upstream);
  };

  /** Sends the request to the upstream: with the validators of the stored response if there is one. */
  const load = async (lookup: Lookup, found: Found | undefined, why: Why): Promise<Forwarded> => {
    const { input, directives } = lookup;
    const requestedAtMs = now();
    const request = conditional(input.request, found?.stored.response);
    const forwarded = await forward({ ...input, request });
    const { upstream, outcome } = forwarded;
    const isError = isFailure(outcome);
    if (found && isError && found.stored.freshness.survivesErrors(directives)) {
      const status = { kind: 'forwarded', why, status: statusOf(outcome) } as const;
      return sendStored(lookup, found, 'stale', status, upstream);
    }
    if (outcome instanceof GatewayError)
      return ended(input, forwarded, 'miss', { kind: 'forwarded', why });
    if (found && !isError) responses.drop(found);
    if (found && outcome.statusCode === 304)
      return isAbout(outcome, found.stored.response)
        ? revalidated(lookup, forwarded, updated(found.stored.response, outcome), {
            why,
            requestedAtMs,
          })
        : load(lookup, undefined, why);
    const isStored = (await responses.keep(lookup, outcome, requestedAtMs)) !== undefined;
    return ended(input, { upstream, outcome }, 'miss', { kind: 'forwarded', why, isStored });
  };

  /** One request at a time for what could be one response. */
  const loadOnce = (lookup: Lookup, found: Found | undefined, why: Why): Promise<Forwarded> => {
    const key = keyOf(lookup);
    const loading = load(lookup, found, why);
    const end = (): boolean => underway.delete(key);
    underway.set(key, loading.then(end, end));
    return loading;
  };

  /** The new response, or after a while the stale one. */
  const refresh = async (lookup: Lookup, found: Found): Promise<Forwarded> => {
    if (underway.has(keyOf(lookup))) return hit(lookup, found);
    const forwarded = await atMost(refreshWithinMs, loadOnce(lookup, found, 'stale'));
    return forwarded === undefined || isFailure(forwarded.outcome) ? hit(lookup, found) : forwarded;
  };

  const respond = async (lookup: Lookup, mayWait: boolean): Promise<Forwarded> => {
    const { input, directives } = lookup;
    const isHead = input.request.method === 'HEAD';
    const { found, isVariant } = await responses.find(lookup);
    if (found?.verdict === 'fresh') return hit(lookup, found);
    if (found?.verdict === 'refreshing' && !isHead) return refresh(lookup, found);
    const why = found ? whyOf[found.verdict] : isVariant ? 'vary-miss' : 'uri-miss';
    if (directives.has('only-if-cached'))
      return ended(input, notCached(input), 'miss', { kind: 'forwarded', why });
    if (isHead) return ended(input, await forward(input), 'miss', { kind: 'forwarded', why });
    const first = mayWait ? underway.get(keyOf(lookup)) : undefined;
    if (first === undefined) return loadOnce(lookup, found, why);
    await first;
    return respond(lookup, false);
  };

  const forwardRead = async (input: ForwardInput, plan: CachePlan): Promise<Forwarded> => {
    const { headers, query } = input.request;
    const chosen = plan.query === undefined ? query : chosenQuery(query, plan.query);
    const own =
      chosen === query ? input : { ...input, request: { ...input.request, query: chosen } };
    if (bypassing.some((name) => name in headers))
      return ended(own, await forward(own), 'bypass', { kind: 'forwarded', why: 'bypass' });
    const updating = purges.update();
    if (updating !== undefined) await updating;
    const lookup = {
      input: own,
      plan,
      keys: keysOf(own, plan),
      directives: readDirectives(headers['cache-control'] ?? headers['pragma']),
      sequence: purges.sequence,
      drops: responses.drops,
    };
    return respond(lookup, true);
  };

  return async (input) => {
    const { request, route } = input;
    if (route.cache !== undefined && reading.has(request.method)) {
      const forwarded = await forwardRead(input, route.cache);
      const { cache: result } = forwarded.upstream;
      const isHit = result !== 'miss' && result !== 'bypass';
      metrics.add(isHit ? hits : misses, 1, { route: route.id });
      return forwarded;
    }
    const forwarded = await forward(input);
    const { outcome } = forwarded;
    const isDone = !(outcome instanceof GatewayError) && outcome.statusCode < 400;
    // RFC 9111 §4.4.
    if (isDone && !safeMethods.has(request.method))
      await responses.dropPath(input, route.changesCached === true);
    return forwarded;
  };
};

const keyOf = ({ keys }: Lookup): string => keys.own ?? keys.shared;

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Ranges are not stored; the others are for the upstream to judge (RFC 9111 §4.3.2). */
const bypassing = ['range', 'if-match', 'if-unmodified-since'];

const isFailure = (outcome: Forwarded['outcome']): boolean =>
  outcome instanceof GatewayError || failures.has(outcome.statusCode);

/** RFC 5861 §4. */
const failures: ReadonlySet<number> = new Set([500, 502, 503, 504]);

const whyOf = {
  fresh: 'request',
  refused: 'request',
  refreshing: 'stale',
  stale: 'stale',
} as const;

/** As a client gets it. */
const fromStored = (
  { freshness, response: { body, ...head } }: StoredResponse,
  method: string,
): GatewayResponse => {
  const headers = { ...head.headers, age: String(freshness.ageSeconds()) };
  return method === 'HEAD'
    ? { ...head, headers: { ...headers, 'content-length': String(body.length) } }
    : { ...head, headers, body };
};

/** RFC 9111 §5.2.1.7. */
const notCached = ({ target }: ForwardInput): Forwarded => ({
  upstream: { name: target.upstream },
  outcome: new GatewayError('NOT_CACHED', {
    detail: 'Send the request without "only-if-cached" to get the response of the service.',
  }),
});
