import { createSecretKey, randomBytes } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Contract } from '../src/contract.ts';
import { sessionKey } from '../src/stores/sessions/session-store.ts';
import { signToken } from '../src/stores/sessions/session-token.ts';
import { respondWith, type Behavior } from './fake-aws/behaviors.ts';
import { type FakeAws, startFakeAws } from './fake-aws/fake-aws.ts';
import { functionEnvironment } from './function-environment.ts';

/** A fake AWS and every service at once, on loopback. No rate limit is ever reached. */
export interface StubServices {
  readonly aws: FakeAws;
  /** What AWS does with each call, unless it is scripted. */
  readonly respond: Behavior;
  readonly environment: Readonly<Record<string, string>>;
  /** The session in the table, unless there must be none. */
  signIn(userId: string, options?: SignIn): Promise<string>;
  stop(): Promise<void>;
}

interface SignIn {
  readonly isInTable?: boolean;
  /** `user` and `admin` unless given. */
  readonly roles?: readonly string[];
}

interface Options {
  /** The contract whose upstreams the environment has; the example's unless given. */
  readonly contract?: Pick<Contract, 'upstreams'>;
  /** Responds for every service; with `{}` unless given. */
  readonly service?: RequestListener;
  /** The bytes of the signing key. */
  readonly keyBytes?: Buffer;
}

const kid = 'k1';
const dayMs = 86_400_000;

export const startStubServices = async ({
  service = (_, response) => void response.end('{}'),
  keyBytes = randomBytes(32),
  contract,
}: Options = {}): Promise<StubServices> => {
  const aws = await startFakeAws({
    tables: { sessions: 'session_id', 'rate-limits': 'rate_limit_key' },
    service: (request, response) => {
      response.setHeader('content-type', 'application/json');
      return service(request, response);
    },
    keepsRequests: false,
  });
  const respond: Behavior = (response, request) =>
    request.target.endsWith('UpdateItem')
      ? respondWithFullBucket(response)
      : aws.sound(response, request);
  aws.behave(respond);
  const environment = functionEnvironment(aws.endpoint.origin, contract);
  const key = { kty: 'oct', kid, k: keyBytes.toString('base64url') };
  const keys = JSON.stringify({ active_kid: kid, keys: [key] });
  aws.secrets.set(environment['GATEWAY_TOKEN_SIGNING_SECRET_ARN'] ?? '', keys);

  return {
    aws,
    respond,
    environment,
    signIn: async (userId, { isInTable = true, roles = ['user', 'admin'] } = {}) => {
      const sessionId = randomBytes(32).toString('base64url');
      const expiresAtMs = Date.now() + dayMs;
      if (isInTable) {
        const list = { L: roles.map((role) => ({ S: role })) };
        aws.dynamoDb.putItem('sessions', {
          session_id: { S: sessionKey(sessionId) },
          data: { M: { user_id: { S: userId }, roles: list } },
          ttl: { N: String(Math.floor(expiresAtMs / 1000)) },
        });
      }
      const signingKey = createSecretKey(keyBytes);
      return signToken(
        { sessionId, userId, expiresAtMs },
        { kid, key: signingKey, nowMs: Date.now() },
      );
    },
    stop: () => aws.stop(),
  };
};

/** A bucket that is full. */
const respondWithFullBucket = (response: ServerResponse): void =>
  respondWith(200, { Attributes: { full_at: { N: String(Date.now() * 1000) } } })(response);
