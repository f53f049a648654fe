import { CommandError } from '../../stack/command-line/command-error.ts';
import { sessionKeyOf } from './session.ts';

/** What `make revoke` ends: one session, by its key in the table, or all of a user. */
export type Revocation =
  | { readonly kind: 'session'; readonly key: string }
  | { readonly kind: 'user'; readonly userId: string };

/** DynamoDB's longest key of an index. */
const maxUserIdBytes = 2_048;

/** Reads `make revoke`'s variables: TOKEN or USER. */
export const readRevocation = (variables: Readonly<NodeJS.ProcessEnv>): Revocation => {
  const token = variables['TOKEN'] ?? '';
  const userId = variables['SESSION_USER'] ?? '';
  if (token !== '' && userId !== '') {
    throw new CommandError(
      'TOKEN and USER are both set: TOKEN ends one session, USER all of a user. Leave one out.',
    );
  }
  if (token !== '') return { kind: 'session', key: sessionKeyOf(token) };
  if (userId === '') {
    throw new CommandError(
      'TOKEN or USER is missing: make revoke ENV=local TOKEN=eyJ…, or make revoke ENV=local USER=alice',
    );
  }
  if (Buffer.byteLength(userId) > maxUserIdBytes) {
    throw new CommandError(`USER has more than ${maxUserIdBytes} bytes.`);
  }
  return { kind: 'user', userId };
};
