import { type Arguments, duration } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';

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
