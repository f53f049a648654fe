import { randomBytes } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LoadTestSession } from '../../../load-test/lib/input.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { type Deployment, readDeployment } from '../../stack/terraform/deployment.ts';
import { type NewSession, newSession } from './session.ts';
import type { SessionRequest } from './session-arguments.ts';

/** Sessions of an environment, written with the caller's own AWS credentials. */
export interface Sessions {
  readonly signingSecret: string;
  /** Writes to the sessions tables, all of it or an error. */
  readonly put: (sessions: readonly Pick<NewSession, 'item'>[]) => Promise<void>;
  readonly remove: (sessions: readonly Pick<NewSession, 'item'>[]) => Promise<void>;
  readonly nowSeconds: number;
}

export const openSessions = async (
  environment: Environment,
  { region, sessionTableName, signingSecretArn }: Deployment,
  /** Each gets every session: two versions that serve side by side can read two tables. */
  tables: readonly string[] = [sessionTableName],
): Promise<Sessions> => {
  const options = awsClientOptions(environment, region);
  const { SecretString: signingSecret = '' } = await new SecretsManagerClient(options).send(
    new GetSecretValueCommand({ SecretId: signingSecretArn }),
  );
  const dynamoDb = new DynamoDBClient(options);
  return {
    signingSecret,
    put: async (sessions) => {
      const puts = tables.flatMap((TableName) =>
        sessions.map(({ item }) => new PutItemCommand({ TableName, Item: marshall(item) })),
      );
      await Promise.all(puts.map((put) => dynamoDb.send(put)));
    },
    remove: async (sessions) => {
      const deletes = tables.flatMap((TableName) =>
        sessions.map(
          ({ item: { session_id } }) =>
            new DeleteItemCommand({ TableName, Key: marshall({ session_id }) }),
        ),
      );
      await Promise.all(deletes.map((each) => dynamoDb.send(each)));
    },
    nowSeconds: Math.floor(Date.now() / 1000),
  };
};

/** A session in an environment that is deployed, as a login service makes it; its token. */
export const beginSession = async (
  environment: Environment,
  request: SessionRequest,
): Promise<string> => {
  const sessions = await openSessions(environment, await readDeployment(environment));
  const session = await newSession(request, sessions.signingSecret, sessions.nowSeconds);
  await sessions.put([session]);
  return session.token;
};

interface SignedInUsers {
  readonly members: readonly [LoadTestSession, ...LoadTestSession[]];
  /** Holds a role that no route names. */
  readonly stranger: LoadTestSession;
  readonly signOut: () => Promise<void>;
}

/**
 * Signs in new users, so that their buckets are full; the members have the given roles. If the tables accept only some
 * of them, those are signed out before the error is thrown.
 */
export const signInUsers = async (
  { signingSecret, put, remove, nowSeconds }: Sessions,
  roles: readonly string[],
  { lifetimeSeconds, members: count }: { lifetimeSeconds: number; members: number },
): Promise<SignedInUsers> => {
  const run = randomBytes(4).toString('hex');
  const signIn = async (name: string, ownRoles: readonly string[]) => {
    const userId = `temporary-${run}-${name}`;
    const request = { userId, roles: ownRoles, lifetimeSeconds };
    return { userId, ...(await newSession(request, signingSecret, nowSeconds)) };
  };
  const stranger = await signIn('stranger', ['temporary-stranger']);
  const first = await signIn('member-0', roles);
  const others = await Promise.all(
    Array.from({ length: count - 1 }, (_, index) => signIn(`member-${index + 1}`, roles)),
  );

  const all = [stranger, first, ...others];
  const signOut = (): Promise<void> => remove(all);
  try {
    await put(all);
  } catch (error) {
    await signOut().catch(() => undefined);
    throw error;
  }
  const members: SignedInUsers['members'] = [asSession(first), ...others.map(asSession)];
  return { members, stranger: asSession(stranger), signOut };
};

const asSession = ({ userId, token }: LoadTestSession): LoadTestSession => ({ userId, token });
