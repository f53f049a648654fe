import { randomBytes } from 'node:crypto';
import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LoadTestSession } from '../../../load-test/lib/input.ts';
import { newSession } from '../sessions/session.ts';

export interface SessionDesk {
  readonly signingSecret: string;
  /** Writes to the sessions table, all of it or an error. */
  readonly write: (requests: readonly WriteRequest[]) => Promise<void>;
  readonly nowSeconds: number;
}

export interface SignedInUsers {
  readonly members: readonly [LoadTestSession, ...LoadTestSession[]];
  /** Holds a role that no route names. */
  readonly stranger: LoadTestSession;
  readonly signOut: () => Promise<void>;
}

const memberCount = 50;

/**
 * Signs in users that nobody has seen before, so that their buckets are full; the members have the roles given. Where the
 * table takes only some of them, those are signed out again before the error is passed on.
 */
export const signInUsers = async (
  { signingSecret, write, nowSeconds }: SessionDesk,
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
