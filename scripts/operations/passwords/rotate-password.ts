import type { Arguments } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { graceFrom, lifetimeFrom } from '../api-keys/api-key-arguments.ts';
import { type CredentialItem, successorOf } from '../api-keys/credential.ts';
import { type PasswordRequest, userFrom } from './new-password.ts';

export interface PasswordRotation {
  readonly user: string;
  readonly newUser: string;
  readonly graceSeconds: number;
  /** Undefined: as long as the former password had. */
  readonly lifetimeSeconds: number | undefined;
}

/** Reads the arguments of `make password-rotate`. */
export const readPasswordRotation = (
  args: Arguments<'USER' | 'NEW_USER' | 'GRACE' | 'EXPIRES'>,
): PasswordRotation => {
  const user = userFrom(args.USER);
  const newUser = userFrom(args.NEW_USER ?? nextUser(user), 'NEW_USER');
  if (newUser === user)
    throw new CommandError(
      `NEW_USER is ${user} as well. A user has one password: for two at a time, name another user, such as NEW_USER=${nextUser(user)}`,
    );
  return {
    ...{ user, newUser },
    graceSeconds: graceFrom(args.GRACE),
    lifetimeSeconds: lifetimeFrom(args.EXPIRES),
  };
};

/** `acme-2` after `acme`, `acme-3` after `acme-2`. */
const nextUser = (user: string): string => {
  const [, name = user, number] = /^(.+)-(\d{1,6})$/.exec(user) ?? [];
  return `${name}-${Number(number ?? 1) + 1}`;
};

/** The password under the new user name, with what the former one had, and when that one ends. */
export const passwordRotationOf = (
  former: CredentialItem,
  { newUser, ...options }: PasswordRotation,
  nowSeconds: number,
): { readonly request: PasswordRequest; readonly formerEndsAtSeconds: number } => {
  const { request, formerEndsAtSeconds } = successorOf(former, { ...options, nowSeconds });
  return { request: { ...request, user: newUser }, formerEndsAtSeconds };
};
