import type { Arguments } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { sessionKeyOf } from './session.ts';

/** What `make revoke` ends: one session, by its key in the table, or all of a user. */
export type Revocation =
  | { readonly kind: 'session'; readonly key: string }
  | { readonly kind: 'user'; readonly userId: string };

/** DynamoDB's limit for the key of an index. */
const maxUserIdBytes = 2_048;

export const readRevocation = ({
  TOKEN: token,
  USER: userId,
}: Arguments<'TOKEN' | 'USER'>): Revocation => {
  if (token !== undefined && userId !== undefined) {
    throw new CommandError(
      'TOKEN and USER are both set: TOKEN ends one session, USER all of a user. Leave one out.',
    );
  }
  if (token !== undefined) return { kind: 'session', key: sessionKeyOf(token) };
  if (userId === undefined) {
    throw new CommandError(
      'TOKEN or USER is missing: make revoke ENV=local TOKEN=eyJ…, or make revoke ENV=local USER=alice',
    );
  }
  if (Buffer.byteLength(userId) > maxUserIdBytes) {
    throw new CommandError(`USER has more than ${maxUserIdBytes} bytes.`);
  }
  return { kind: 'user', userId };
};
