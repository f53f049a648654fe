import { randomBytes } from 'node:crypto';
import { userName } from '../../../handler/src/sign-in/basic/basic-sign-in.ts';
import { hashPassword } from '../../../handler/src/sign-in/basic/password-hash.ts';
import type { Arguments } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { consumerFrom, lifetimeFrom, planFrom, scopesFrom } from '../api-keys/api-key-arguments.ts';
import { type CredentialItem, expiry } from '../api-keys/new-api-key.ts';

export interface PasswordRequest {
  readonly user: string;
  readonly consumer: string;
  readonly plan: string | undefined;
  readonly scopes: readonly string[];
  /** Undefined: it does not expire. */
  readonly lifetimeSeconds: number | undefined;
}

/** Reads the arguments of `make password-create`. */
export const readPasswordRequest = (
  args: Arguments<'CONSUMER' | 'USER' | 'SCOPES' | 'PLAN' | 'EXPIRES'>,
): PasswordRequest => {
  const consumer = consumerFrom(args.CONSUMER);
  return {
    user: userFrom(args.USER ?? consumer),
    consumer,
    plan: planFrom(args.PLAN),
    scopes: scopesFrom(args.SCOPES),
    lifetimeSeconds: lifetimeFrom(args.EXPIRES),
  };
};

export const userFrom = (text: string | undefined, name = 'USER'): string => {
  if (text === undefined) throw new CommandError(`${name} is missing, such as ${name}=acme`);
  if (userName.test(text)) return text;
  throw new CommandError(
    `${name} is "${text}"; it has up to 64 letters, digits, ".", "_", "@" and "-", and begins with a letter or a digit.`,
  );
};

export const idOf = (user: string): string => `basic/${user}`;

export const userOf = ({ credential_id: id }: CredentialItem): string => id.slice('basic/'.length);

/** Makes a password of 24 random bytes. The table never sees it. */
export const newPassword = async (
  { user, consumer, plan, scopes, lifetimeSeconds }: PasswordRequest,
  nowSeconds: number,
): Promise<{ readonly password: string; readonly item: CredentialItem }> => {
  const password = randomBytes(24).toString('base64url');
  const item: CredentialItem = {
    credential_id: idOf(user),
    consumer,
    ...(plan !== undefined && { plan }),
    scopes,
    secret_hash: await hashPassword(password),
    created_at: nowSeconds,
    ...(lifetimeSeconds !== undefined && expiry(nowSeconds + lifetimeSeconds)),
  };
  return { password, item };
};
