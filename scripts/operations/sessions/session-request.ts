import { CommandError } from '../../stack/command-line/command-error.ts';

export interface SessionRequest {
  readonly userId: string;
  readonly roles: readonly string[];
  readonly lifetimeSeconds: number;
}

const usualHours = 8;

/** A session's longest life: keys that sign no more go on verifying for it. */
export const longestSessionHours = 30 * 24;

/** Reads `make session`'s variables: the user, the roles and for how many hours. */
export const readSessionRequest = (variables: Readonly<NodeJS.ProcessEnv>): SessionRequest => {
  const userId = variables['SESSION_USER'] ?? '';
  if (userId === '') {
    throw new CommandError('USER is missing: make session ENV=local USER=alice ROLES=user,admin');
  }
  // The user's id goes to services in a header.
  if (!/^[\x21-\x7e]{1,128}$/.test(userId)) {
    throw new CommandError(`USER is "${userId}"; it has 1 to 128 ASCII characters and no spaces.`);
  }
  return {
    userId,
    roles: rolesFrom(variables['ROLES'] ?? ''),
    lifetimeSeconds: secondsFrom(variables['TTL_HOURS'] || String(usualHours)),
  };
};

const rolesFrom = (text: string): string[] => {
  const roles = text.split(',').map((role) => role.trim());
  if (text === '') return [];
  const wrong = roles.find((role) => !/^[A-Za-z0-9_.:-]{1,64}$/.test(role));
  if (wrong === undefined) return [...new Set(roles)];
  throw new CommandError(
    `ROLES has "${wrong}"; roles are separated by commas and have letters, digits, "_", ".", ":" and "-", ` +
      'such as ROLES=user,admin',
  );
};

const secondsFrom = (text: string): number => {
  const hours = Number(text);
  const seconds = Math.round(hours * 3600);
  if (seconds >= 1 && hours <= longestSessionHours) return seconds;
  throw new CommandError(
    `TTL_HOURS is "${text}"; it is a number of hours up to ${longestSessionHours}, such as 8 or 0.5.`,
  );
};
