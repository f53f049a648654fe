import type { FailureReason, TransportResponse } from '../transport/attempt.ts';
import type { Connect, Connections } from '../transport/connections.ts';
import { parseObject, UnusableKeys } from './key-set.ts';

export interface Provider {
  /** The JSON of the provider's JWK set. Throws `ProviderFailure` or `UnusableKeys`. */
  readKeys(deadlineMs: number): Promise<string>;
}

interface Dependencies {
  readonly issuer: string;
  readonly discoveryUrl: URL;
  /** Undefined: as the provider describes. */
  readonly jwksUri: URL | undefined;
  readonly connect: Connect;
  readonly now: () => number;
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

/** Real key sets have a few kilobytes. */
const maxBodyBytes = 1024 * 1024;

const attemptTimeoutMs = 5_000;

/**
 * Reads the keys of an OpenID provider: from `jwksUri`, or from where its description (OpenID Connect Discovery 1.0 §4)
 * says, which must name the very issuer. Follows no redirect: the keys decide who is let in, so they come from where the
 * contract says, or not at all.
 */
export const createProvider = (dependencies: Dependencies): Provider => {
  const { issuer, discoveryUrl, jwksUri, connect, now } = dependencies;
  const origins = new Map<string, Connections>();

  const get = async (url: URL, deadlineMs: number): Promise<string> => {
    const connections = origins.get(url.origin) ?? connect(url, { now, maxBodyBytes });
    origins.set(url.origin, connections);
    const request = {
      method: 'GET',
      path: url.pathname + url.search,
      headers: ['host', url.host, 'accept', 'application/json', 'user-agent', 'postern'],
      body: undefined,
    };
    const attempt = await connections.send(request, Math.min(deadlineMs, now() + attemptTimeoutMs));
    connections.closeIdle(); // The next request comes minutes later.
    if (attempt.kind === 'failed')
      throw new ProviderFailure(
        `The provider ${failures[attempt.reason]}`,
        attempt.reason.toUpperCase().replaceAll('-', '_'),
        url.host,
        attempt.cause,
      );
    assertUsable(attempt, url);
    return attempt.body.toString();
  };

  const describedJwksUri = async (deadlineMs: number): Promise<URL> => {
    const description = parseObject(await get(discoveryUrl, deadlineMs));
    if (description['issuer'] !== issuer)
      throw new UnusableKeys("The provider's description names another issuer than the contract");
    const text = description['jwks_uri'];
    const uri = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
    // Without TLS, anyone on the way could replace the keys.
    if (uri?.protocol !== 'https:' && uri?.protocol !== discoveryUrl.protocol)
      throw new UnusableKeys("The jwks_uri in the provider's description is not an https URL");
    return uri;
  };

  return {
    readKeys: async (deadlineMs) =>
      get(jwksUri ?? (await describedJwksUri(deadlineMs)), deadlineMs),
  };
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
