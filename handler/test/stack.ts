import { randomBytes } from 'node:crypto';
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import { portOf } from '../../scripts/stack/demo-upstreams/services.ts';
import type { Misbehaviour } from '../../scripts/stack/demo-upstreams/diagnostics.ts';
import { awsClientOptions } from '../../scripts/stack/environments/aws-client.ts';
import { readEnvironment } from '../../scripts/stack/environments/environment.ts';
import { endSessionsOf } from '../../scripts/operations/sessions/end-sessions-of.ts';
import { newSession, sessionKeyOf } from '../../scripts/operations/sessions/session.ts';
import { readDeployment } from '../../scripts/stack/terraform/deployment.ts';

export const environment = readEnvironment({ ENV: 'local' });

/** The deployed local stack on `LOCAL_PORT`. */
export const deployment = await readDeployment(environment);
export const awsOptions = awsClientOptions(environment, deployment.region);

const dynamoDb = new DynamoDBClient(awsOptions);
const { SecretString: signingSecret = '' } = await new SecretsManagerClient(awsOptions).send(
  new GetSecretValueCommand({ SecretId: deployment.signingSecretArn }),
);

interface Parts {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface CallResult {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body, where it is JSON. */
  readonly json: Record<string, unknown>;
}

/** One request to the deployed gateway. */
export const call = async (
  method: string,
  path: string,
  { token, headers, body }: Parts = {},
): Promise<CallResult> => {
  const response = await fetch(`${deployment.baseUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && bytes.length > 0;
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    json: isJson ? (JSON.parse(bytes.toString()) as Record<string, unknown>) : {},
  };
};

/** A user that no other test uses, with an unused limit. */
export const someone = (): string => `user-${randomBytes(6).toString('hex')}`;

interface SessionParts {
  readonly userId?: string;
  /** The token's. */
  readonly lifetimeSeconds?: number;
  /** The item's value, if different. */
  readonly ttlSeconds?: number;
}

/** A session as a login service makes it; `lifetimeSeconds` may lie in the past. */
export const signIn = async (
  roles: readonly string[],
  { userId = someone(), lifetimeSeconds = 600, ttlSeconds }: SessionParts = {},
): Promise<string> => {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const { token, item } = await newSession(
    { userId, roles, lifetimeSeconds },
    signingSecret,
    nowSeconds,
  );
  await dynamoDb.send(
    new PutItemCommand({
      TableName: deployment.sessionTableName,
      Item: marshall({ ...item, ttl: nowSeconds + (ttlSeconds ?? lifetimeSeconds) }),
    }),
  );
  return token;
};

export const revoke = (token: string) =>
  dynamoDb.send(
    new DeleteItemCommand({
      TableName: deployment.sessionTableName,
      Key: { session_id: { S: sessionKeyOf(token) } },
    }),
  );

/** Ends all sessions of a user, as `make revoke USER=…` does; how many. */
export const revokeUser = (userId: string): Promise<number> => {
  const { sessionTableName: tableName } = deployment;
  return endSessionsOf(dynamoDb, { tableName, userId, nowMs: Date.now() });
};

/** Changes the item of a token to that of a login service without a top-level `user_id`. */
export const withoutUserId = (token: string) =>
  dynamoDb.send(
    new UpdateItemCommand({
      TableName: deployment.sessionTableName,
      Key: { session_id: { S: sessionKeyOf(token) } },
      UpdateExpression: 'REMOVE user_id',
    }),
  );

const serviceUrl = (service: string, path: string): string =>
  `http://127.0.0.1:${portOf(service, environment.local?.port ?? 0)}${path}`;

/** Clients with the stack's secret can read and change the behavior of a demo service. */
const withSecret = { headers: { authorization: `Bearer ${environment.local?.secret}` } };

/** Makes a demo service slow or faulty while `act` runs. */
export const whileMisbehaving = async <T>(
  service: string,
  misbehaviour: Misbehaviour,
  act: () => Promise<T>,
): Promise<T> => {
  const url = serviceUrl(service, '/__misbehaviour');
  await fetch(url, { ...withSecret, method: 'PUT', body: JSON.stringify(misbehaviour) });
  try {
    return await act();
  } finally {
    await fetch(url, { ...withSecret, method: 'DELETE' });
  }
};

interface Received {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly bodyBase64: string;
}

/** What a demo service received while `act` ran. */
export const receivedDuring = async (
  service: string,
  act: () => Promise<unknown>,
): Promise<Received[]> => {
  await fetch(serviceUrl(service, '/__received'), { ...withSecret, method: 'DELETE' });
  await act();
  return latelyReceived(service);
};

/** The latest hundred. */
export const latelyReceived = async (service: string): Promise<Received[]> =>
  (await (await fetch(serviceUrl(service, '/__received'), withSecret)).json()) as Received[];
