import { createHash, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Contract } from '../src/contract.ts';
import { signToken } from '../src/sign-in/session/token.ts';
import { functionEnvironment } from './function-environment.ts';

/** DynamoDB, Secrets Manager and every service at once, on loopback. */
export interface StubServices {
  readonly environment: Readonly<Record<string, string>>;
  /** A session that the table has, unless it is not to. */
  signIn(userId: string, options?: SignIn): Promise<string>;
  stop(): Promise<void>;
}

interface SignIn {
  readonly isInTable?: boolean;
  /** `user` and `admin` unless given. */
  readonly roles?: readonly string[];
}

interface Options {
  /** Whose upstreams the environment names; the example's unless given. */
  readonly contract?: Pick<Contract, 'upstreams'>;
  /** What a service answers; `{}` otherwise. */
  readonly service?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sees each call to AWS, and may answer it in place of success: true where it does. */
  readonly aws?: (target: string, response: ServerResponse, body: string) => boolean;
  /** The bytes of the signing key. */
  readonly keyBytes?: Buffer;
}

const kid = 'k1';

export const startStubServices = async ({
  service = (_, response) => void response.end('{}'),
  aws = () => false,
  keyBytes = randomBytes(32),
  contract,
}: Options = {}): Promise<StubServices> => {
  const users = new Map<string, User>();
  const answers = answersOf(users, keyBytes);
  const server = createServer((request, response) => {
    const target = request.headers['x-amz-target'];
    response.setHeader('content-type', 'application/json');
    if (typeof target !== 'string') {
      request.resume();
      return service(request, response);
    }
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      if (aws(target, response, text)) return;
      response.end(JSON.stringify(answers[target]?.(JSON.parse(text) as Call) ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    environment: functionEnvironment(url, contract),
    signIn: async (userId, { isInTable = true, roles = ['user', 'admin'] } = {}) => {
      const sessionId = randomBytes(32).toString('base64url');
      const key = createHash('sha256').update(sessionId).digest('hex');
      if (isInTable) users.set(key, { userId, roles });
      return tokenOf(sessionId, userId, createSecretKey(keyBytes));
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const dayMs = 86_400_000;

const tokenOf = (sessionId: string, userId: string, key: KeyObject): Promise<string> =>
  signToken(
    { sessionId, userId, expiresAtMs: Date.now() + dayMs },
    { kid, key, nowMs: Date.now() },
  );

interface User {
  readonly userId: string;
  readonly roles: readonly string[];
}

interface Call {
  readonly Key: Readonly<Record<string, { readonly S: string }>>;
}

const answersOf = (
  users: ReadonlyMap<string, User>,
  keyBytes: Buffer,
): Readonly<Record<string, (call: Call) => object>> => ({
  'DynamoDB_20120810.GetItem': ({ Key }) => {
    const user = users.get(Key['session_id']?.S ?? '');
    if (user === undefined) return {};
    const { userId } = user;
    const roles = { L: user.roles.map((role) => ({ S: role })) };
    const ttl = { N: String(Math.floor((Date.now() + dayMs) / 1000)) };
    return { Item: { data: { M: { user_id: { S: userId }, roles } }, ttl } };
  },
  'DynamoDB_20120810.UpdateItem': () => ({
    Attributes: { full_at: { N: String(Date.now() * 1000) } },
  }),
  'secretsmanager.GetSecretValue': () => ({
    SecretString: JSON.stringify({
      active_kid: kid,
      keys: [{ kty: 'oct', kid, k: keyBytes.toString('base64url') }],
    }),
  }),
});
