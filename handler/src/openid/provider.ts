import type { FailureReason, TransportResponse } from '../transport/attempt.ts';
import type { Connect, Connections } from '../transport/connections.ts';
import { parseObject, UnusableKeys } from './key-set.ts';

export interface Provider {
  /** How the provider describes itself (OpenID Connect Discovery 1.0 §3). Throws `ProviderFailure` or `UnusableKeys`. */
  describe(deadlineMs: number): Promise<Description>;
  /** The JSON of the provider's JWK set. Throws `ProviderFailure` or `UnusableKeys`. */
  readKeys(deadlineMs: number): Promise<string>;
}

export type Description = Readonly<Record<string, unknown>> & { readonly issuer: string };

/** Sends one request, without retries, and follows no redirect. Throws `ProviderFailure` if no response comes in time. */
export type SendToProvider = (
  request: ProviderRequest,
  deadlineMs: number,
) => Promise<TransportResponse>;

export interface ProviderRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Dependencies {
  readonly issuer: string;
  readonly discoveryUrl: URL;
  /** Undefined: as the provider describes. */
  readonly jwksUri: URL | undefined;
  readonly send: SendToProvider;
}

/** The provider gave no usable response. `dialed` is its host, from the contract or its own description. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly code: string;
  readonly dialed: string;

  constructor(message: string, code: string, dialed: string, cause?: Error) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.dialed = dialed;
  }
}

/** Why a provider cannot be used: a fixed text. Undefined for other errors. */
export const reasonOf = (error: unknown): string | undefined =>
  error instanceof ProviderFailure || error instanceof UnusableKeys ? error.message : undefined;

/** Real key sets have a few kilobytes. */
const maxBodyBytes = 1024 * 1024;

const attemptTimeoutMs = 5_000;

/** Connections to the provider's hosts, each opened when it is first needed. */
export const sendingBy = (connect: Connect, now: () => number): SendToProvider => {
  const origins = new Map<string, Connections>();
  return async ({ method, url, headers, body }, deadlineMs) => {
    const connections = origins.get(url.origin) ?? connect(url, { now, maxBodyBytes });
    origins.set(url.origin, connections);
    const all = {
      ...{ host: url.host, accept: 'application/json', 'user-agent': 'postern' },
      ...headers,
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    };
    const request = {
      method,
      path: url.pathname + url.search,
      headers: Object.entries(all).flat(),
      body,
    };
    const attempt = await connections.send(request, Math.min(deadlineMs, now() + attemptTimeoutMs));
    connections.closeIdle(); // The next request comes minutes later.
    if (attempt.kind === 'responded') return attempt;
    throw new ProviderFailure(
      `The provider ${failures[attempt.reason]}`,
      attempt.reason.toUpperCase().replaceAll('-', '_'),
      url.host,
      attempt.cause,
    );
  };
};

/**
 * Reads the keys of an OpenID provider: from `jwksUri`, or from where its description (OpenID Connect Discovery 1.0 §4)
 * says, which must name the very issuer. Follows no redirect: the keys decide who is let in, so they come from where the
 * contract says, or not at all.
 */
export const createProvider = (dependencies: Dependencies): Provider => {
  const { issuer, discoveryUrl, jwksUri, send } = dependencies;

  const get = async (url: URL, deadlineMs: number): Promise<string> => {
    const response = await send({ method: 'GET', url, headers: {} }, deadlineMs);
    assertUsable(response, url);
    return response.body.toString();
  };

  const describe = async (deadlineMs: number): Promise<Description> => {
    const description = parseObject(await get(discoveryUrl, deadlineMs));
    if (description['issuer'] === issuer) return { ...description, issuer };
    throw new UnusableKeys("The provider's description names another issuer than the contract");
  };

  return {
    describe,
    readKeys: async (deadlineMs) =>
      get(jwksUri ?? endpointIn(await describe(deadlineMs), 'jwks_uri', discoveryUrl), deadlineMs),
  };
};

/** An address in the provider's description. Throws `UnusableKeys`: without TLS, anyone on the way could replace it. */
export const endpointIn = (description: Description, name: string, discoveryUrl: URL): URL => {
  const text = description[name];
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== discoveryUrl.protocol)
    throw new UnusableKeys(`The ${name} in the provider's description is not an https URL`);
  return url;
};

const failures: Readonly<Record<FailureReason, string>> = {
  unreachable: 'cannot be reached, or its certificate is not valid',
  'connect-timeout': 'does not accept connections in time',
  'no-response': 'closed the connection without a response',
  'bad-response': 'responded with something that is not valid HTTP',
  'response-too-large': 'responded with more than 1 MiB',
  timeout: 'did not respond in time',
};

const assertUsable = ({ statusCode, rawHeaders }: TransportResponse, { host }: URL): void => {
  if (statusCode >= 300 && statusCode < 400)
    throw new ProviderFailure(
      'The provider responded with a redirect, which is not followed',
      `STATUS_${statusCode}`,
      host,
    );
  if (statusCode !== 200)
    throw new ProviderFailure(
      'The provider responded with another status than 200',
      `STATUS_${statusCode}`,
      host,
    );
  if (!isJson(contentTypeOf(rawHeaders)))
    throw new ProviderFailure(
      "The provider's response is not application/json",
      'CONTENT_TYPE',
      host,
    );
};

/** `application/json`, and `application/jwk-set+json` (RFC 7517 §8.5.2) and the like. */
const isJson = (contentType: string): boolean =>
  /^application\/(?:[\w.-]+\+)?json *(?:;|$)/i.test(contentType);

const contentTypeOf = (rawHeaders: readonly string[]): string => {
  const at = rawHeaders.findIndex(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type',
  );
  return at < 0 ? '' : (rawHeaders[at + 1] ?? '');
};
