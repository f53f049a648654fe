import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Gateway } from '../../src/gateway.ts';
import { newSession } from '../../../scripts/operations/sessions/session.ts';
import { httpApiEvent, lambdaContext } from '../events.ts';
import { functionEnvironment } from '../function-environment.ts';
import type { Cell, Dependency, Expectation } from './fault-table.ts';
import {
  awsBehaviors,
  type Fault,
  type FaultyServer,
  startFaultyServer,
  upstreamBehaviors,
} from './faulty-server.ts';
import { observedOf } from './observed.ts';

export type Start = (variables: NodeJS.ProcessEnv, now: () => number) => Gateway;

export interface Observation extends Expectation {
  /** How long after its deadline the response arrived; negative if in time. */
  readonly lateMs: number;
  readonly hasRetryAfter: boolean;
}

/** The request has 2.75 s left, of which the gateway reserves a quarter of a second. */
const remainingMs = 2_750;
const deadlineInMs = 2_500;

const secret = JSON.stringify({
  active_kid: 'k1',
  keys: [{ kty: 'oct', kid: 'k1', alg: 'HS256', k: randomBytes(32).toString('base64url') }],
});

/** The behavior of an environment of the real handler for one request while one of its dependencies has a fault. */
export const runCell = (
  cell: Cell,
  start: Start,
  written: () => readonly string[],
): Promise<Observation> =>
  withDependencies(cell, async ({ faulty, variables, name }) => {
    let skippedMs = 0;
    const event = await eventOf(cell, name); // Ready at once: the environment reads its keys at the start.
    const gateway = start(variables, () => Date.now() + skippedMs);
    if (cell.dependency === 'secret, read before') {
      await gateway(await eventOf(cell, `${name}-before`), lambdaContext());
      await faulty.turn(cell.fault);
      skippedMs = 5 * 60_000; // The keys are now so old that they are read again.
    }
    const startedAtMs = performance.now();
    const { statusCode, headers, body } = await gateway(event, lambdaContext(remainingMs));
    const lateMs = performance.now() - startedAtMs - deadlineInMs;
    return {
      ...observedOf(name, written()),
      response: [statusCode, isProblem(headers) ? codeOf(body) : ''].join(' ').trim(),
      calls: String(faulty.calls()),
      lateMs,
      hasRetryAfter: headers?.['retry-after'] !== undefined,
    };
  });

interface Dependencies {
  readonly faulty: FaultyServer;
  readonly variables: NodeJS.ProcessEnv;
  /** The environment's, which no other has. */
  readonly name: string;
}

/** Starts an environment's dependencies, one of them with a fault, and stops them afterwards. */
export const withDependencies = async <T>(
  { dependency, fault }: Cell,
  use: (dependencies: Dependencies) => Promise<T>,
): Promise<T> => {
  const name = `cell-${randomBytes(6).toString('hex')}`;
  const faultOf = (...names: readonly Dependency[]): Fault =>
    names.includes(dependency) ? fault : 'none';
  const met = dependency === 'session store' ? 'GetItem' : 'UpdateItem';
  const dynamoDb = await startFaultyServer(
    awsBehaviors(secret),
    faultOf('session store', 'rate-limit store'),
    ({ target }) => target.endsWith(met),
  );
  const secrets = await startFaultyServer(awsBehaviors(secret), faultOf('secret, never read'));
  const upstream = await startFaultyServer(upstreamBehaviors, faultOf('upstream'));
  const isOfSecret = dependency.startsWith('secret');
  try {
    return await use({
      name,
      faulty: isOfSecret ? secrets : dependency === 'upstream' ? upstream : dynamoDb,
      variables: {
        ...functionEnvironment(upstream.url),
        GATEWAY_ENV: name,
        ...(!isOfSecret && {
          GATEWAY_TOKEN_SIGNING_SECRET_ARN: '',
          GATEWAY_TOKEN_SIGNING_SECRET: secret,
        }),
        AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      },
    });
  } finally {
    await Promise.all([dynamoDb, secrets, upstream].map((server) => server.stop()));
  }
};

/** A signed-in request to a service; for the limiter's GET a public one, which needs no session. */
export const eventOf = async (
  { dependency, method }: Cell,
  id: string,
): Promise<APIGatewayProxyEventV2> => {
  const alice = { userId: 'alice', roles: ['user'], lifetimeSeconds: 3_600 };
  const { token } = await newSession(alice, secret, Math.floor(Date.now() / 1_000));
  const isPublic = dependency === 'rate-limit store' && method === 'GET';
  const event = httpApiEvent(method, isPublic ? '/api/v1/status' : '/api/v1/users', {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(method === 'POST' && { body: '{"name":"Alice","email":"alice@example.com"}' }),
  });
  return { ...event, requestContext: { ...event.requestContext, requestId: id } };
};

const isProblem = (headers: Readonly<Record<string, unknown>> = {}): boolean =>
  headers['content-type'] === 'application/problem+json';

const codeOf = (body = '{}'): string => (JSON.parse(body) as { code: string }).code;
