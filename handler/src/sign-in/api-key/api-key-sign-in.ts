import { type Exchange, matchOf } from '../../exchange.ts';
import { assertNotCrossSite, readAllowedOrigins } from '../../http/cross-site.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { SignInMethod } from '../../parts.ts';
import type { Finding } from '../../stores/credentials/credential-store.ts';
import type { Session } from '../../stores/sessions/session.ts';
import { credentialId, isKeyOf, readKey } from './api-key.ts';
import type { ApiKeyPolicy, KeyPlace } from './policy.ts';
import { sentKeys } from './sent-keys.ts';

declare module '../../contract.ts' {
  interface SignInNames {
    /** One for each security scheme: each has a place and a prefix of its own. */
    readonly [scheme: `apiKey:${string}`]: true;
  }
}

/** Consumers with an API key, for one security scheme. */
export const apiKeySignIn =
  (policy: ApiKeyPolicy): SignInMethod =>
  (reader) => {
    const allowedOrigins = readAllowedOrigins(reader);
    return ({ credentials, now }) => {
      /** Sets the user as soon as the key is known to be genuine, so that the log names the owner of an expired one. */
      const admit = (key: string, finding: Finding, exchange: Exchange): Session => {
        if ('problem' in finding) throw invalid(finding.problem);
        if (!isKeyOf(key, finding.secretHash)) throw invalid('the secret of the key is wrong');
        const { consumer, plan, scopes, expiresAtMs } = finding;
        exchange.claims = { userId: consumer };
        if (expiresAtMs !== undefined && expiresAtMs <= now()) throw expired();
        credentials.noteUse(finding, exchange.deadlineMs);
        return { userId: consumer, consumer, plan, roles: [], scopes };
      };
      return {
        authenticate: async (exchange) => {
          const key = keyOf(exchange.request, policy);
          // Browsers send cookies by themselves, and no other key.
          if (policy.in === 'cookie') assertNotCrossSite(exchange.request, allowedOrigins);
          const read = readKey(key, policy.prefix);
          if ('problem' in read) throw invalid(read.problem);
          const id = credentialId(read.publicId);
          const recalled = credentials.recall(id);
          if (recalled !== undefined) {
            exchange.session = Promise.resolve(admit(key, recalled, exchange));
            return;
          }
          exchange.session = credentials
            .find(id, exchange.deadlineMs)
            .then((finding) => admit(key, finding, exchange));
          exchange.session.catch(() => undefined); // The step that awaits it handles the failure; an earlier refusal must not end the process.
          if (needsCaller(exchange)) await exchange.session;
        },
        checks: {},
      };
    };
  };

/** Whether a rate limit needs the consumer's name. Otherwise, the read runs in parallel with the limit's write. */
const needsCaller = (exchange: Exchange): boolean =>
  matchOf(exchange).route.rateLimits.some(({ per }) => per.includes('caller'));

const keyOf = (request: GatewayRequest, policy: ApiKeyPolicy): string => {
  const [key, second] = sentKeys(request, policy, policy.prefix);
  if (key === undefined)
    throw new GatewayError('CREDENTIALS_MISSING', {
      detail: `Send an API key in ${describePlace(policy)}.`,
      headers: challenge,
    });
  const isTwice = policy.others.some((place) => sentKeys(request, place, policy.prefix).length > 0);
  if (second !== undefined || isTwice) throw invalid('the request has several keys');
  return key;
};

const describePlace = ({ in: kind, name }: KeyPlace): string =>
  `the ${kind === 'query' ? 'query parameter' : kind} \`${name}\``;

/** RFC 9110 §11.6.1 wants a challenge; no scheme for API keys is registered. */
const challenge = { 'www-authenticate': 'ApiKey realm="postern"' };

/** The note is for the log: the client learns nothing about what was wrong. */
const invalid = (note: string): GatewayError =>
  new GatewayError('CREDENTIALS_INVALID', {
    detail: 'Send a valid API key.',
    headers: challenge,
    note,
  });

/** Only for the owner of the key. */
const expired = (): GatewayError =>
  new GatewayError('CREDENTIALS_EXPIRED', {
    detail: 'Send an API key that has not expired.',
    headers: challenge,
    note: 'the key has expired',
  });
