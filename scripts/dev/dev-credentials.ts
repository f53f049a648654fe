import { randomBytes } from 'node:crypto';
import type { ApiKeyPolicy, KeyPlace } from '../../handler/src/sign-in/api-key/policy.ts';
import { userName } from '../../handler/src/sign-in/basic/basic-sign-in.ts';
import { hashPassword } from '../../handler/src/sign-in/basic/password-hash.ts';
import type { MemoryCredentials } from '../../handler/src/stores/credentials/memory-credentials.ts';
import { newApiKey } from '../operations/api-keys/new-api-key.ts';
import { idOf } from '../operations/passwords/new-password.ts';

/** How a request has a credential. */
export interface SentCredential {
  /** Of curl. */
  readonly options: readonly string[];
  /** With its question mark. */
  readonly query: string;
}

export interface Consumer {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly plan: string | undefined;
}

/** Each returns the same credential for the same arguments. */
export interface DevCredentials {
  /** A key that a scheme accepts. */
  readonly keyOf: (policy: ApiKeyPolicy, consumer: Consumer) => SentCredential;
  /** The consumer's name is the user name, unless it has characters that no user name has. */
  readonly passwordOf: (consumer: Consumer) => Promise<SentCredential>;
}

interface Dependencies {
  readonly credentials: MemoryCredentials;
  readonly now: () => number;
}

/** Makes API keys and passwords as the commands do. */
export const createDevCredentials = ({ credentials, now }: Dependencies): DevCredentials => {
  const keys = new Map<string, string>();
  const passwords = new Map<string, Promise<SentCredential>>();
  const put = (id: string, secretHash: string, { name, scopes, plan }: Consumer): void =>
    credentials.put({
      ...{ id, secretHash, consumer: name, scopes, plan },
      ...{ expiresAtMs: undefined, lastUsedDayMs: undefined },
    });
  const createKey = (prefix: string, consumer: Consumer): string => {
    const { name, scopes } = consumer;
    const request = { prefix, consumer: name, scopes };
    const { key, item } = newApiKey(request, Math.floor(now() / 1_000));
    put(item.credential_id, item.secret_hash, consumer);
    return key;
  };
  const createPassword = async (user: string, consumer: Consumer): Promise<SentCredential> => {
    const password = randomBytes(12).toString('base64url');
    put(idOf(user), await hashPassword(password), consumer);
    return { options: [`-u ${user}:${password}`], query: '' };
  };
  return {
    keyOf: (policy, consumer) => {
      const args = JSON.stringify([policy.prefix, consumer]);
      const key = keys.get(args) ?? createKey(policy.prefix, consumer);
      keys.set(args, key);
      return sentKey(policy, key);
    },
    passwordOf: (consumer) => {
      const args = JSON.stringify(consumer);
      const user = userName.test(consumer.name) ? consumer.name : `user-${passwords.size + 1}`;
      const sent = passwords.get(args) ?? createPassword(user, consumer);
      passwords.set(args, sent);
      return sent;
    },
  };
};

export const sentKey = ({ in: kind, name }: KeyPlace, key: string): SentCredential => {
  if (kind === 'query')
    return { options: [], query: `?${new URLSearchParams({ [name]: key }).toString()}` };
  const header = kind === 'cookie' ? `Cookie: ${name}=${key}` : `${name}: ${key}`;
  return { options: [headerOption(header)], query: '' };
};

export const headerOption = (header: string): string => `-H ${quoted(header)}`;

/** For a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
