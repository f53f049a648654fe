import type { ForwardInput } from '../../parts.ts';
import { holdsSessionToken, isSessionCookie } from '../../http/own-credentials.ts';
import { isWithheld } from '../../http/withheld-headers.ts';

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
  /** Whether other execution environments get the responses, too. */
  readonly isInTable?: true;
}

/** Texts that are equal for requests that a stored response can be for. */
export interface CacheKeys {
  /** Of responses for every caller. */
  readonly shared: string;
  /** Of responses for this caller alone. Undefined: the upstream gets nothing that says who the caller is. */
  readonly own: string | undefined;
}

/**
 * Method, host and whole path, the query or its chosen parameters, and the chosen headers. Two requests for different
 * things never have the same key, because JSON keeps the parts apart.
 */
export const keysOf = (input: ForwardInput, plan: CachePlan): CacheKeys => {
  const { request, target } = input;
  const parts = [
    target.upstream,
    request.host,
    request.basePath,
    request.path,
    request.query,
    ...(plan.headers ?? []).map((name) => request.headers[name]),
  ];
  const caller = callerOf(input, plan);
  return {
    shared: JSON.stringify(parts),
    own: caller && JSON.stringify([...caller, ...parts]),
  };
};

/** Who the caller is, as far as the upstream can know it: the user, or the credentials that the gateway only forwards. */
const callerOf = (
  { request, caller }: ForwardInput,
  { credentialHeaders = [] }: CachePlan,
): readonly unknown[] | undefined => {
  if (caller !== undefined) return ['user', caller.userId, caller.roles];
  const { authorization = '' } = request.headers;
  const sent = [
    holdsSessionToken(authorization) ? '' : authorization,
    ...request.cookies.filter((cookie) => !isSessionCookie(cookie)),
    ...credentialHeaders.map((name) => request.headers[name] ?? ''),
  ];
  return sent.some((text) => text !== '') ? ['credentials', sent] : undefined;
};

/** `name=value` pairs of these parameters alone: what is not in the key must not reach the upstream. */
export const chosenQuery = (query: string, names: readonly string[]): string =>
  query
    .split('&')
    .filter((pair) => names.includes(new URLSearchParams(pair).keys().next().value ?? ''))
    .join('&');

/**
 * The values of the headers that a response depends on by its `Vary`, as the upstream got them (RFC 9111 §4.1).
 * Undefined: it depends on more than can be compared, such as the id of the request.
 */
export const variantOf = (
  vary: string | undefined,
  { request, caller }: ForwardInput,
): Variant | undefined => {
  const names =
    vary
      ?.toLowerCase()
      .split(',')
      .map((name) => name.trim()) ?? [];
  const values: Array<string | undefined> = [];
  for (const name of names) {
    if (name === 'cookie') values.push(request.cookies.join('; '));
    else if (name === 'x-user-id') values.push(caller?.userId);
    else if (name === 'x-user-roles') values.push(caller?.roles.join());
    else if (inEveryKey.has(name)) continue;
    else if (name === '*' || isWithheld(name)) return undefined;
    else values.push(caller?.headers?.[name] ?? request.headers[name]);
  }
  return { vary: vary ?? '', values: JSON.stringify(values) };
};

export interface Variant {
  readonly vary: string;
  readonly values: string;
}

const inEveryKey: ReadonlySet<string> = new Set([
  ...['', 'host', 'x-forwarded-host', 'x-forwarded-proto'],
]);
