import { randomBytes } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { SessionDesk } from '../k6/sign-in-users.ts';
import { newSession } from '../sessions/session.ts';
import type { ProbeTokens } from './plan-probes.ts';

const lifetimeSeconds = 900;

/** Sessions for a check's own users, which end with it. */
export const withProbeSessions = async <T>(
  { signingSecret, write, nowSeconds }: SessionDesk,
  roles: readonly string[],
  use: (tokens: ProbeTokens) => Promise<T>,
): Promise<T> => {
  const name = `release-check-${randomBytes(4).toString('hex')}`;
  const signIn = (userId: string, roles: readonly string[]) =>
    newSession({ userId, roles, lifetimeSeconds }, signingSecret, nowSeconds);
  const holder = await signIn(name, roles);
  const stranger = await signIn(`${name}-stranger`, ['release-check']);
  const items = [holder.item, stranger.item];
  await write(items.map((item) => ({ PutRequest: { Item: marshall(item) } })));
  try {
    return await use({
      holder: holder.token,
      stranger: stranger.token,
      forged: forgedFrom(holder.token),
    });
  } finally {
    await write(
      items.map(({ session_id }) => ({ DeleteRequest: { Key: marshall({ session_id }) } })),
    );
  }
};

/** The same claims under another key's signature. */
const forgedFrom = (token: string): string =>
  [...token.split('.').slice(0, 2), randomBytes(32).toString('base64url')].join('.');
