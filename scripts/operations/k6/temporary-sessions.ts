import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LoadTestSession } from '../../../load-test/lib/input.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import { newSession } from '../sessions/session.ts';

/** What is needed to begin and end sessions in an environment, with the caller's own AWS credentials. */
export const temporarySessions = async (
  environment: Environment,
  { region, sessionTableName, signingSecretArn }: Deployment,
  /** Each gets every session: two versions that serve side by side can read two tables. */
  tables: readonly string[] = [sessionTableName],
): Promise<TemporarySessions> => {
  const options = awsClientOptions(environment, region);
  const { SecretString: signingSecret = '' } = await new SecretsManagerClient(options).send(
    new GetSecretValueCommand({ SecretId: signingSecretArn }),
  );
  const dynamoDb = new DynamoDBClient(options);
  return {
    signingSecret,
    write: async (requests) => {
      await Promise.all(tables.map((table) => writeSessions(dynamoDb, table, requests)));
    },
    nowSeconds: Math.floor(Date.now() / 1000),
  };
};

/** The maximum of BatchWriteItem. */
const mostAtOnce = 25;
const attempts = 8;

/** Any number of puts and deletes. Items that DynamoDB does not process are sent again with growing pauses. */
export const writeSessions = async (
  dynamoDb: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  requests: readonly WriteRequest[],
): Promise<void> => {
  for (let start = 0; start < requests.length; start += mostAtOnce) {
    await writeBatch(dynamoDb, tableName, requests.slice(start, start + mostAtOnce));
  }
};

const writeBatch = async (
  dynamoDb: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  batch: WriteRequest[],
): Promise<void> => {
  let left = batch;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (attempt > 0) await delay(50 * 2 ** attempt);
    const command = new BatchWriteItemCommand({ RequestItems: { [tableName]: left } });
    const { UnprocessedItems: unprocessed = {} } = await dynamoDb.send(command);
    left = unprocessed[tableName] ?? [];
    if (left.length === 0) return;
  }
  throw new Error(`DynamoDB left ${left.length} writes to ${tableName} undone, ${attempts} times`);
};

export interface TemporarySessions {
  readonly signingSecret: string;
  /** Writes to the sessions table, all of it or an error. */
  readonly write: (requests: readonly WriteRequest[]) => Promise<void>;
  readonly nowSeconds: number;
}

interface SignedInUsers {
  readonly members: readonly [LoadTestSession, ...LoadTestSession[]];
  /** Holds a role that no route names. */
  readonly stranger: LoadTestSession;
  readonly signOut: () => Promise<void>;
}

const memberCount = 50;

/**
 * Signs in new users, so that their buckets are full; the members have the given roles. If the table accepts only some
 * of them, those are signed out before the error is thrown.
 */
export const signInUsers = async (
  { signingSecret, write, nowSeconds }: TemporarySessions,
  roles: readonly string[],
  lifetimeSeconds: number,
): Promise<SignedInUsers> => {
  const run = randomBytes(4).toString('hex');
  const signIn = async (name: string, ownRoles: readonly string[]) => {
    const userId = `loadtest-${run}-${name}`;
    const request = { userId, roles: ownRoles, lifetimeSeconds };
    return { userId, ...(await newSession(request, signingSecret, nowSeconds)) };
  };
  const stranger = await signIn('stranger', ['loadtest-stranger']);
  const first = await signIn('member-0', roles);
  const others = await Promise.all(
    Array.from({ length: memberCount - 1 }, (_, index) => signIn(`member-${index + 1}`, roles)),
  );

  const items = [stranger, first, ...others].map(({ item }) => item);
  const signOut = (): Promise<void> =>
    write(items.map(({ session_id }) => ({ DeleteRequest: { Key: marshall({ session_id }) } })));
  try {
    await write(items.map((item) => ({ PutRequest: { Item: marshall(item) } })));
  } catch (error) {
    await signOut().catch(() => undefined);
    throw error;
  }
  const members: SignedInUsers['members'] = [asSession(first), ...others.map(asSession)];
  return { members, stranger: asSession(stranger), signOut };
};

const asSession = ({ userId, token }: LoadTestSession): LoadTestSession => ({ userId, token });
