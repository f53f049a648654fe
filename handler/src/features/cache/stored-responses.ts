import { untilDeadline } from '../../aws/until-deadline.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
import type { ForwardInput } from '../../parts.ts';
import type { ResponseCopy, ResponseTable } from '../../stores/cache/response-table.ts';
import { describeError, type Log } from '../../telemetry/logger.ts';
import { type Directives, readDirectives } from './cache-control.ts';
import { type CacheKeys, type CachePlan, type Variant, variantOf } from './cache-key.ts';
import type { Rules, Verdict } from './freshness.ts';
import type { KnownPurges } from './known-purges.ts';
import type { ResponseMemory, StoredResponse } from './response-memory.ts';

/** A request on a route with a cache. */
export interface Lookup {
  readonly input: ForwardInput;
  readonly plan: CachePlan;
  readonly keys: CacheKeys;
  readonly directives: Directives;
  /** Of the purges that are known. */
  readonly sequence: number;
  /** Of the paths that were dropped from the memory. */
  readonly drops: number;
  /** What the table said. Absent: it was not asked, or gave no response. */
  table?: {
    readonly pathVersion: string;
    /** The variants that have the keys of the request. */
    readonly variants: ReadonlyMap<string, string>;
  };
}

export interface Found {
  readonly stored: StoredResponse;
  readonly key: string;
  readonly verdict: Verdict;
}

export interface StoredResponses {
  /** The response for a request, and whether there are others for its address. */
  find(lookup: Lookup): Promise<{ readonly found?: Found; readonly isVariant: boolean }>;
  /** Undefined: the response must not be stored. */
  keep(
    lookup: Lookup,
    response: GatewayResponse,
    requestedAtMs: number,
  ): Promise<Found | undefined>;
  drop(found: Found): void;
  /** Drops all responses for the path of the request, and those in the table if it may have some. */
  dropPath(input: Pick<ForwardInput, 'request' | 'deadlineMs'>, isInTable: boolean): Promise<void>;
  readonly drops: number;
}

interface Dependencies {
  readonly memory: ResponseMemory;
  readonly rules: Rules;
  readonly purges: KnownPurges;
  /** Undefined: no route has it. */
  readonly table: ResponseTable | undefined;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** In the memory of the execution environment and, for routes that say so, in a table behind it. */
export const createStoredResponses = ({
  memory,
  rules,
  purges,
  table,
  log,
  now,
}: Dependencies): StoredResponses => {
  let drops = 0;

  const isFor = (
    { input, keys }: Lookup,
    key: string,
    { isForAll, sequence }: Pick<StoredResponse, 'isForAll' | 'sequence'>,
  ): boolean =>
    (key !== keys.shared || keys.own === undefined || isForAll) &&
    !purges.has({ sequence, path: input.request.path });

  const judged = ({ directives }: Lookup, key: string, stored: StoredResponse): Found => ({
    stored,
    key,
    verdict: stored.freshness.judge(directives),
  });

  const findInMemory = (lookup: Lookup) => {
    let isVariant = false;
    for (const key of keysIn(lookup))
      for (const stored of memory.find(key)) {
        if (!isFor(lookup, key, stored)) continue;
        const { vary, values } = stored.variant;
        if (variantOf(vary, lookup.input)?.values === values)
          return { found: judged(lookup, key, stored), isVariant };
        isVariant = true;
      }
    return { isVariant };
  };

  /** Of a response that another execution environment stored. */
  const restored = (
    { plan, input }: Lookup,
    { response, requestedAtMs, receivedAtMs, sequence }: ResponseCopy,
    variant: Variant,
  ): StoredResponse | undefined => {
    const { ttlSeconds } = plan;
    const freshness = rules.freshnessOf({ response, requestedAtMs, receivedAtMs, ttlSeconds });
    if (freshness === undefined) return undefined;
    const { path } = input.request;
    return { response, freshness, path, variant, sequence, isForAll: saysForAll(response) };
  };

  const findInTable = async (lookup: Lookup, from: ResponseTable) => {
    const { input } = lookup;
    const { path } = input.request;
    const deadlineMs = Math.min(input.deadlineMs, now() + findWithinMs);
    const keys = keysIn(lookup);
    const { copies, pathVersion } = await from.find({ responses: keys, path }, deadlineMs);
    const variants = new Map<string, string>();
    lookup.table = { pathVersion, variants };
    for (const [index, key] of keys.entries()) {
      let copy = copies[index];
      const variant = copy && variantOf(copy.response.headers['vary'], input);
      if (copy === undefined || variant === undefined) continue;
      variants.set(key, copy.values);
      if (copy.values !== variant.values) {
        const responses = [keyOfVariant(key, variant)];
        [copy] = (await from.find({ responses, path }, deadlineMs)).copies;
      }
      if (copy?.pathVersion !== pathVersion) continue;
      const stored = restored(lookup, copy, variant);
      if (stored === undefined || !isFor(lookup, key, stored)) continue;
      memory.keep(key, stored);
      return judged(lookup, key, stored);
    }
    return undefined;
  };

  const keepInTable = async (
    to: ResponseTable,
    { input: { deadlineMs }, table: seen }: Lookup,
    { key, stored: { response, freshness, sequence, variant } }: Omit<Found, 'verdict'>,
    times: Pick<ResponseCopy, 'requestedAtMs' | 'receivedAtMs'>,
  ): Promise<void> => {
    if (seen === undefined) return;
    const { values } = variant;
    const present = seen.variants.get(key) ?? values;
    const copy = {
      ...times,
      response,
      sequence,
      values,
      pathVersion: seen.pathVersion,
      endsAtMs: now() + freshness.usefulSeconds() * 1_000,
    };
    const ownKey = present === values ? key : keyOfVariant(key, variant);
    await atMost(
      keepWaitMs,
      to.keep(ownKey, copy, deadlineMs).catch((error: unknown) => {
        log.warn('a response is not kept in the table of the cache', {
          error: describeError(error),
        });
      }),
    );
  };

  return {
    find: async (lookup) => {
      const { found, isVariant } = findInMemory(lookup);
      const isUsable = found?.verdict === 'fresh' || found?.verdict === 'refreshing';
      if (isUsable || !lookup.plan.isInTable || table === undefined)
        return { ...(found && { found }), isVariant };
      const shared = await findInTable(lookup, table).catch((error: unknown) => {
        log.warn('the table of the cache cannot be read', { error: describeError(error) });
        return undefined;
      });
      const best = shared ?? found;
      return { ...(best && { found: best }), isVariant };
    },
    keep: async (lookup, response, requestedAtMs) => {
      const { input, plan, keys, directives, sequence } = lookup;
      const variant = variantOf(response.headers['vary'], input);
      if (variant === undefined || directives.has('no-store')) return undefined;
      // What came while the path changed may be of before.
      if (lookup.drops !== drops) return undefined;
      const isForAll = saysForAll(response);
      const isShared = isForAll || keys.own === undefined;
      if (!isShared && plan.sharedOnly) return undefined;
      const times = { requestedAtMs, receivedAtMs: now() };
      const kept = {
        ...response,
        headers: storable(response.headers),
        body: copyOf(response.body),
      };
      const { ttlSeconds } = plan;
      const freshness = rules.freshnessOf({ response: kept, ...times, ttlSeconds });
      if (freshness === undefined) return undefined;
      const key = isShared ? keys.shared : (keys.own ?? keys.shared);
      const { path } = input.request;
      const stored = { response: kept, freshness, path, variant, sequence, isForAll };
      memory.keep(key, stored);
      if (plan.isInTable && table !== undefined)
        await keepInTable(table, lookup, { key, stored }, times);
      return judged(lookup, key, stored);
    },
    drop: ({ key, stored }) => memory.drop(key, stored),
    dropPath: async ({ request: { path, id }, deadlineMs }, isInTable) => {
      drops += 1;
      memory.dropPath(path);
      if (!isInTable || table === undefined) return;
      await table.voidPath(path, id, deadlineMs).catch((error: unknown) => {
        log.warn('the responses of a path cannot be dropped from the table of the cache', {
          error: describeError(error),
        });
      });
    },
    get drops() {
      return drops;
    },
  };
};

/** A table that is slow is as one that has nothing. */
const findWithinMs = 500;

/** What takes longer ends with the next request of the execution environment, or is lost. */
const keepWaitMs = 50;

/** Resolves with the promise, or to undefined if that takes longer or fails. */
export const atMost = <T>(ms: number, promise: Promise<T>): Promise<T | undefined> =>
  untilDeadline(promise, ms, 0).catch(() => undefined);

const keysIn = ({ keys: { own, shared } }: Lookup): readonly string[] =>
  own === undefined ? [shared] : [own, shared];

/** Where a response is in the table if another variant has its key. */
const keyOfVariant = (key: string, { values }: Variant): string => JSON.stringify([key, values]);

const saysForAll = ({ headers }: GatewayResponse): boolean => {
  const said = readDirectives(headers['cache-control']);
  return said.has('public') || said.has('s-maxage');
};

/** What is about one request alone is not stored: a later client would take it for its own. */
const storable = (headers: GatewayResponse['headers']): Record<string, string> =>
  withoutHeaders(headers, (name) => ofRequest.test(name));

const ofRequest = /^(?:(?:x-)?rate-?limit(?:-.*)?|x-request-id)$/;

/** The memory of the body that is sent is used again for another one. */
const copyOf = (body: Buffer | string | undefined): Buffer => Buffer.from(body ?? '');
