import CachePolicy from 'http-cache-semantics';
import type { GatewayResponse } from '../../http/response.ts';
import { ageOf, type Directives, readDirectives, secondsOf, timeOf } from './cache-control.ts';

/** How long a stored response may be used: RFC 9111 for a shared cache, and RFC 5861. */
export interface Freshness {
  /** Seconds since the upstream sent it. */
  readonly ageSeconds: () => number;
  /** Seconds until it is stale; negative afterwards. */
  readonly secondsLeft: () => number;
  /** For how long it may be of use, validation included. */
  readonly usefulSeconds: () => number;
  readonly judge: (request: Directives) => Verdict;
  /** Whether it may be sent in place of an error of the upstream (RFC 5861 §4). */
  readonly survivesErrors: (request: Directives) => boolean;
}

/**
 * `fresh`: may be sent, also because the client accepts a stale one. `refreshing`: may be sent while it is validated.
 * `refused`: fresh, but not for this request. `stale`: must be validated first.
 */
export type Verdict = 'fresh' | 'refreshing' | 'refused' | 'stale';

export interface Received {
  readonly response: GatewayResponse;
  /** Epoch milliseconds. */
  readonly requestedAtMs: number;
  readonly receivedAtMs: number;
  /** What holds where the upstream says nothing. */
  readonly ttlSeconds: number | undefined;
}

export interface Rules {
  /** Undefined: the response must not be stored, or is of no use. */
  readonly freshnessOf: (received: Received) => Freshness | undefined;
}

/** The rules themselves are those of `http-cache-semantics`; here, its input is read strictly. */
export const createRules = (now: () => number): Rules => {
  class Policy extends CachePolicy {
    now(): number {
      return now();
    }
  }

  return {
    freshnessOf: (received) => {
      const { response, receivedAtMs } = received;
      const { statusCode, headers } = response;
      const directives = readDirectives(headers['cache-control']);
      if (forbidsStorage(response, directives)) return undefined;
      const isStrict = strict.some((name) => directives.has(name));
      const isFreshOnly = isStrict || directives.has('s-maxage');
      const policy = new Policy(
        { method: 'GET', headers: {} },
        {
          status: statusCode,
          headers: {
            'cache-control': canonical(directives, isStrict, impliedSeconds(received, directives)),
            // What is no date is in the past (RFC 9111 §5.3).
            ...(headers['expires'] !== undefined && {
              expires: timeOf(headers['expires']) === undefined ? '0' : headers['expires'],
            }),
            date: new Date(timeOf(headers['date']) ?? receivedAtMs).toUTCString(),
            age: String(initialAge(received) + (now() - receivedAtMs) / 1_000),
          },
        },
        { cacheHeuristic: 0 },
      );
      const canBeValidated = 'etag' in headers || 'last-modified' in headers;
      const isOfUse = policy.timeToLive() > 0 || canBeValidated;
      if (!policy.storable() || !isOfUse) return undefined;
      const staleIfError = secondsOf(directives, 'stale-if-error');
      return {
        ageSeconds: () => Math.floor(policy.age()),
        secondsLeft: () => Math.floor(policy.maxAge() - policy.age()),
        usefulSeconds: () =>
          Math.ceil(policy.timeToLive() / 1_000) + (canBeValidated ? validatedSeconds : 0),
        judge: (request) => {
          const { response: usable, revalidation } = policy.evaluateRequest({
            headers: { 'cache-control': canonicalRequest(request, isFreshOnly) },
          });
          if (usable) return revalidation ? 'refreshing' : 'fresh';
          return policy.stale() ? 'stale' : 'refused';
        },
        survivesErrors: (request) => {
          const seconds = secondsOf(request, 'stale-if-error') ?? staleIfError;
          return !isStrict && seconds !== undefined && policy.age() < policy.maxAge() + seconds;
        },
      };
    },
  };
};

/** How long a stale response is worth its place because the upstream may say that it has not changed. */
const validatedSeconds = 3_600;

/** RFC 9111 §3. `Set-Cookie` is for one client unless the upstream says `public`. */
const forbidsStorage = ({ cookies = [] }: GatewayResponse, directives: Directives): boolean =>
  directives.has('no-store') ||
  directives.has('private') ||
  (cookies.length > 0 && !directives.has('public'));

/**
 * RFC 9111 §4.2.4: these forbid that a response is sent when it is stale. `s-maxage` does so as well, except for as long
 * as the same header allows it by a directive of RFC 5861, which upstreams mean if they write both.
 */
const strict = ['must-revalidate', 'proxy-revalidate', 'no-cache'];

/** RFC 5861. */
const extensions = ['stale-while-revalidate', 'stale-if-error'];

/** Seconds, where the upstream says nothing and the status can be stored without (RFC 9110 §15.1). */
const impliedSeconds = (
  { response: { statusCode, headers }, ttlSeconds }: Received,
  directives: Directives,
): number | undefined => {
  if (ttlSeconds === undefined || headers['expires'] !== undefined) return undefined;
  if (directives.has('s-maxage') || directives.has('max-age')) return undefined;
  if (found.has(statusCode)) return ttlSeconds;
  return notFound.has(statusCode) ? Math.min(ttlSeconds, mostSecondsOfErrors) : undefined;
};

const found: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308]);
const notFound: ReadonlySet<number> = new Set([404, 405, 410, 414, 501]);

/** An object that is made a moment after it was looked for is soon found. */
const mostSecondsOfErrors = 10;

/**
 * What the library reads of a response. It would validate a response with `must-revalidate` each time, and never reuse
 * one with `proxy-revalidate`: both only say that it is not sent when it is stale.
 */
const canonical = (
  directives: Directives,
  isStrict: boolean,
  impliedSeconds: number | undefined,
): string =>
  [
    ...['no-cache', 'public'].filter((name) => directives.has(name)),
    ...['s-maxage', 'max-age', ...(isStrict ? [] : extensions)].flatMap((name) =>
      withSeconds(directives, name),
    ),
    ...(impliedSeconds === undefined ? [] : [`max-age=${impliedSeconds}`]),
  ].join(',');

const canonicalRequest = (directives: Directives, isFreshOnly: boolean): string =>
  [
    ...(directives.has('no-cache') ? ['no-cache'] : []),
    ...['max-age', 'min-fresh'].flatMap((name) => withSeconds(directives, name)),
    ...(isFreshOnly ? [] : staleness(directives)),
  ].join(',');

const staleness = (directives: Directives): readonly string[] =>
  directives.get('max-stale') === true ? ['max-stale'] : withSeconds(directives, 'max-stale');

const withSeconds = (directives: Directives, name: string): readonly string[] => {
  const seconds = secondsOf(directives, name);
  return seconds === undefined ? [] : [`${name}=${seconds}`];
};

/** RFC 9111 §4.2.3. */
const initialAge = ({ response: { headers }, requestedAtMs, receivedAtMs }: Received): number => {
  const apparent = Math.floor((receivedAtMs - (timeOf(headers['date']) ?? receivedAtMs)) / 1_000);
  return Math.max(apparent, ageOf(headers['age']) + (receivedAtMs - requestedAtMs) / 1_000, 0);
};
