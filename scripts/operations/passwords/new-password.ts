import { randomBytes } from 'node:crypto';
import { userName } from '../../../handler/src/sign-in/basic/basic-sign-in.ts';
import { hashPassword } from '../../../handler/src/sign-in/basic/password-hash.ts';
import type { Arguments } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { readCredentialRequest } from '../api-keys/api-key-arguments.ts';
import { type CredentialItem, type CredentialRequest, newItem } from '../api-keys/credential.ts';

export interface PasswordRequest extends CredentialRequest {
  readonly user: string;
}

/** Reads the arguments of `make password-create`. */
export const readPasswordRequest = (
  args: Arguments<'CONSUMER' | 'USER' | 'SCOPES' | 'PLAN' | 'EXPIRES'>,
): PasswordRequest => {
  const request = readCredentialRequest(args);
  return { user: userFrom(args.USER ?? request.consumer), ...request };
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
  { user, ...request }: PasswordRequest,
  nowSeconds: number,
): Promise<{ readonly password: string; readonly item: CredentialItem }> => {
  const password = randomBytes(24).toString('base64url');
  const secret = { credential_id: idOf(user), secret_hash: await hashPassword(password) };
  return { password, item: newItem(secret, request, nowSeconds) };
};
