import { randomBytes } from 'node:crypto';
import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LoadTestSession } from '../../load-test/lib/input.ts';
import { newSession } from '../sessions/session.ts';

export interface SessionDesk {
  readonly signingSecret: string;
  /** Writes to the sessions table, all of it or an error. */
  readonly write: (requests: readonly WriteRequest[]) => Promise<void>;
  readonly nowSeconds: number;
}

export interface SignedInUsers {
  readonly members: readonly LoadTestSession[];
  readonly admin: LoadTestSession;
  readonly signOut: () => Promise<void>;
}

const memberCount = 50;

/**
 * Signs in users that nobody has seen before, so that their buckets are full. Where the table takes
 * only some of them, those are signed out again before the error is passed on.
 */
export const signInUsers = async (
  { signingSecret, write, nowSeconds }: SessionDesk,
  lifetimeSeconds: number,
): Promise<SignedInUsers> => {
  const run = randomBytes(4).toString('hex');
  const signIn = async (name: string, roles: readonly string[]) => {
    const userId = `loadtest-${run}-${name}`;
    const request = { userId, roles, lifetimeSeconds };
    return { userId, ...(await newSession(request, signingSecret, nowSeconds)) };
  };
  const admin = await signIn('admin', ['user', 'admin']);
  const members = await Promise.all(
    Array.from({ length: memberCount }, (_, index) => signIn(`member-${index}`, ['user'])),
  );

  const items = [admin, ...members].map(({ item }) => item);
  const signOut = (): Promise<void> =>
    write(items.map(({ session_id }) => ({ DeleteRequest: { Key: marshall({ session_id }) } })));
  try {
    await write(items.map((item) => ({ PutRequest: { Item: marshall(item) } })));
  } catch (error) {
    await signOut().catch(() => undefined);
    throw error;
  }
  return { members: members.map(asSession), admin: asSession(admin), signOut };
};

const asSession = ({ userId, token }: LoadTestSession): LoadTestSession => ({ userId, token });
