import { type Arguments, duration } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { sessionKeyOf } from './session.ts';

export interface SessionRequest {
  readonly userId: string;
  readonly roles: readonly string[];
  readonly lifetimeSeconds: number;
}

/** A session's longest lifetime: keys that no longer sign still verify for this long. */
export const longestSession = '30d';

/** Reads the arguments of `make session`: the user, the roles and the session's lifetime. */
export const readSessionRequest = ({
  USER: userId,
  ROLES,
  TTL,
}: Arguments<'USER' | 'ROLES' | 'TTL'>): SessionRequest => {
  if (userId === undefined) {
    throw new CommandError('USER is missing: make session ENV=local USER=alice ROLES=user,admin');
  }
  // The gateway sends the user's id to upstreams in a header.
  if (!/^[\x21-\x7e]{1,128}$/.test(userId)) {
    throw new CommandError(`USER is "${userId}"; it has 1 to 128 ASCII characters and no spaces.`);
  }
  const ttlMs = duration(TTL, 'TTL', { usual: '8h', least: '1s', most: longestSession });
  return { userId, roles: rolesFrom(ROLES), lifetimeSeconds: ttlMs / 1_000 };
};

const rolesFrom = (text: string | undefined): string[] => {
  if (text === undefined) return [];
  const roles = text.split(',').map((role) => role.trim());
  const wrong = roles.find((role) => !/^[A-Za-z0-9_.:-]{1,64}$/.test(role));
  if (wrong === undefined) return [...new Set(roles)];
  throw new CommandError(
    `ROLES has "${wrong}"; roles are separated by commas and have letters, digits, "_", ".", ":" and "-", ` +
      'such as ROLES=user,admin',
  );
};

/** What `make revoke` ends: one session, by its key in the table, or all of a user. */
type Revocation =
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
