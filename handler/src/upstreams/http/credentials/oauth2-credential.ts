import { untilDeadline } from '../../../aws/until-deadline.ts';
import { filled, valueReader } from '../../../contract-values.ts';
import { httpUrl, type SettingsReader } from '../../../environment.ts';
import type { UpstreamTools } from '../../../parts.ts';
import type { Connections } from '../../../transport/connections.ts';
import {
  type CredentialSecret,
  credentialSecret,
  parseText,
  unavailable,
} from './credential-secret.ts';
import type { Extension } from './extension.ts';
import { type Renewable, sendWith } from './renewable.ts';

/** The first two can have values of the environment. */
interface Policy {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** The value that has the ARN of the client's secret. */
  readonly secret: string;
  readonly scope?: string;
  readonly audience?: string;
  /** How the client proves itself (RFC 6749 §2.3.1). */
  readonly clientAuthentication: 'basic' | 'post';
}

/** An access token for the gateway itself, by the client credentials grant (RFC 6749 §4.4). */
export const oauth2Credential =
  (policy: Policy): Extension =>
  (reader) => {
    const url = tokenUrlOf(policy, reader);
    const clientId = filled(policy.clientId, valueReader(reader));
    const openSecret = credentialSecret(policy.secret, parseText, reader);
    return (tools, upstream) => {
      const { connect, now, log } = tools;
      const connections = connect(url, { now, maxBodyBytes: maxTokenBytes });
      const secret = openSecret(tools, upstream);
      const obtain = (deadlineMs: number): Promise<Token> =>
        obtainToken({ ...policy, url, clientId, secret, connections, now }, deadlineMs);
      const onFailure = (error: unknown): void =>
        log.error('the access token for an upstream cannot be obtained', {
          upstream,
          reason: error instanceof TokenError ? error.message : undefined,
        });
      const onRefusal = (): void =>
        log.error('an upstream refuses the credentials of the gateway', { upstream });
      return {
        connect: sendWith(keepToken({ obtain, now, onFailure }), {
          header: 'authorization',
          prefix: 'Bearer ',
          onRefusal,
        }),
      };
    };
  };

/** Of a response of the token endpoint. */
const maxTokenBytes = 64 * 1024;

const tokenUrlOf = ({ tokenUrl }: Policy, reader: SettingsReader): URL => {
  const text = filled(tokenUrl, valueReader(reader));
  const url = httpUrl(text);
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url?.hostname ?? '');
  if (url !== undefined && (url.protocol === 'https:' || isLocal)) return url;
  reader.misconfigurations.push(
    `the "tokenUrl" of an upstream is not an https URL without user, query or fragment`,
  );
  return new URL('https://unknown.invalid');
};

/** Times are in epoch milliseconds. */
export interface Token {
  readonly value: string;
  readonly obtainedAtMs: number;
  readonly expiresAtMs: number;
}

interface Keeping {
  readonly obtain: (deadlineMs: number) => Promise<Token>;
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

/** A token endpoint has this long, even if each request that waits for it has less time. */
const obtainWithinMs = 5_000;

/** After a failure, the endpoint has a rest. */
const pauseMs = 1_000;

/** With this share of its life left, a token is renewed while requests still use it. */
const earlyShare = 0.25;

/** A token that is refused sooner than this after it was obtained would be refused again. */
const leastAgeMs = 10_000;

/** Keeps one token. Many requests that need another one wait for the same call. */
export const keepToken = ({ obtain, now, onFailure }: Keeping): Renewable => {
  let token: Token | undefined;
  let failedAtMs = Number.NEGATIVE_INFINITY;
  let obtaining: { readonly done: Promise<Token>; readonly endsMs: number } | undefined;

  const begin = (): Promise<Token> => {
    const endsMs = now() + obtainWithinMs;
    const read = async (): Promise<Token> => {
      try {
        token = await obtain(endsMs);
        failedAtMs = Number.NEGATIVE_INFINITY;
        return token;
      } catch (error) {
        failedAtMs = now();
        onFailure(error);
        throw error;
      } finally {
        if (obtaining === own) obtaining = undefined;
      }
    };
    const own: { done: Promise<Token>; readonly endsMs: number } = {
      done: Promise.resolve().then(read),
      endsMs,
    };
    own.done.catch(() => undefined); // Perhaps nobody waits for it.
    obtaining = own;
    return own.done;
  };

  /** The call that is under way; one that Lambda froze is not waited for after its time. */
  const joined = (): Promise<Token> =>
    obtaining !== undefined && now() < obtaining.endsMs ? obtaining.done : begin();

  const next = async (deadlineMs: number): Promise<string> => {
    if (now() - failedAtMs < pauseMs) throw unavailable(new TokenError('it failed just now'));
    try {
      return (await untilDeadline(joined(), deadlineMs, now())).value;
    } catch (cause) {
      throw unavailable(cause);
    }
  };

  return {
    current: async (deadlineMs) => {
      if (token === undefined || now() >= token.expiresAtMs) return next(deadlineMs);
      const { value, obtainedAtMs, expiresAtMs } = token;
      const isEarly = expiresAtMs - now() < earlyShare * (expiresAtMs - obtainedAtMs);
      if (isEarly && obtaining === undefined && now() - failedAtMs >= pauseMs) void begin();
      return value;
    },
    renewed: async (refused, deadlineMs) => {
      if (token !== undefined && token.value !== refused) return token.value;
      if (token !== undefined && now() - token.obtainedAtMs < leastAgeMs) return undefined;
      token = undefined;
      return next(deadlineMs);
    },
  };
};

interface Grant extends Omit<Policy, 'secret'> {
  readonly url: URL;
  readonly secret: CredentialSecret;
  readonly connections: Connections;
  readonly now: UpstreamTools['now'];
}

/** Why there is no token: a fixed text, or the error code of RFC 6749 §5.2. */
class TokenError extends Error {
  override readonly name = 'TokenError';
}

const obtainToken = async (grant: Grant, deadlineMs: number): Promise<Token> => {
  const { secret } = grant;
  const first = await secret.current(deadlineMs);
  const response = await requestToken(grant, first, deadlineMs);
  if (response.statusCode !== 400 && response.statusCode !== 401)
    return tokenIn(response, grant.now());
  // RFC 6749 §5.2: `invalid_client` has either status. The secret may be a new one.
  const other = await secret.renewed(first, deadlineMs);
  const again = other === undefined ? response : await requestToken(grant, other, deadlineMs);
  return tokenIn(again, grant.now());
};

const requestToken = async (
  { url, clientId, clientAuthentication, scope, audience, connections }: Grant,
  secret: string,
  deadlineMs: number,
) => {
  const isBasic = clientAuthentication === 'basic';
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...(!isBasic && { client_id: clientId, client_secret: secret }),
  }).toString();
  const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64');
  const attempt = await connections.send(
    {
      method: 'POST',
      path: url.pathname,
      headers: [
        ...['host', url.host, 'accept', 'application/json'],
        ...['content-type', 'application/x-www-form-urlencoded'],
        ...['content-length', String(body.length)],
        ...(isBasic ? ['authorization', `Basic ${basic}`] : []),
      ],
      body,
    },
    deadlineMs,
  );
  if (attempt.kind === 'responded') return attempt;
  connections.closeIdle();
  throw new TokenError(`the token endpoint gave no response: ${attempt.reason}`);
};

/** RFC 6749 appendix B. */
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

/** RFC 6749 §5.1 recommends `expires_in`. A token without it is renewed after a short time. */
const usualSeconds = 300;

const tokenIn = (
  { statusCode, body }: { readonly statusCode: number; readonly body: Buffer },
  nowMs: number,
): Token => {
  const fields = parseJson(body);
  if (statusCode !== 200) {
    const { error } = fields;
    const code = typeof error === 'string' && /^[\w.-]{1,64}$/.test(error) ? ` ${error}` : '';
    throw new TokenError(`the token endpoint responded ${statusCode}${code}`);
  }
  const { access_token: value, token_type: type, expires_in: seconds = usualSeconds } = fields;
  if (typeof value !== 'string' || !/^[!-~]{1,16384}$/.test(value))
    throw new TokenError('the response of the token endpoint has no access_token');
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    throw new TokenError('the token_type of the token endpoint is not Bearer');
  const lifeMs = Number(seconds) * 1_000;
  if (!(lifeMs > 0)) throw new TokenError('the expires_in of the token endpoint is not a number');
  // Not in the last moment: a token must still be valid when the upstream checks it.
  const expiresAtMs = nowMs + lifeMs - Math.min(5_000, lifeMs / 10);
  return { value, obtainedAtMs: nowMs, expiresAtMs };
};

const parseJson = (body: Buffer): Readonly<Record<string, unknown>> => {
  try {
    return (JSON.parse(body.toString('utf8')) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
};
