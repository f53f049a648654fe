import {
  credentialTable,
  type ListedCredential,
  listedCredential,
} from '../api-keys/describe-api-keys.ts';
import type { CredentialItem } from '../api-keys/credential.ts';
import { userOf } from './new-password.ts';

export interface ListedPassword extends ListedCredential {
  readonly user: string;
}

export const listedPassword = (item: CredentialItem, nowSeconds: number): ListedPassword => ({
  user: userOf(item),
  ...listedCredential(item, nowSeconds),
});

/** A table for a terminal. */
export const describePasswords = (passwords: readonly ListedPassword[]): string =>
  passwords.length === 0
    ? 'There are no passwords.'
    : credentialTable(
        'USER',
        passwords.map((password) => [password.user, password]),
      );
