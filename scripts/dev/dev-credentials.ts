import type { ApiKeyPolicy, KeyPlace } from '../../handler/src/sign-in/api-key/policy.ts';
import type { MemoryCredentials } from '../../handler/src/stores/credentials/memory-credentials.ts';
import { newApiKey } from '../operations/api-keys/new-api-key.ts';

/** An API key and how a request has it. */
export interface SentKey {
  readonly headers: readonly string[];
  /** With its question mark. */
  readonly query: string;
}

export interface DevKeys {
  /** A key that a scheme accepts, with these scopes. The same one for the same arguments. */
  keyOf(policy: ApiKeyPolicy, consumer: string, scopes: readonly string[]): SentKey;
}

interface Dependencies {
  readonly credentials: MemoryCredentials;
  readonly now: () => number;
}

/** Makes API keys as the command does. */
export const createDevKeys = ({ credentials, now }: Dependencies): DevKeys => {
  const keys = new Map<string, string>();
  const create = (prefix: string, consumer: string, scopes: readonly string[]): string => {
    const { key, item } = newApiKey({ prefix, consumer, scopes }, Math.floor(now() / 1_000));
    credentials.put({
      ...{ consumer, scopes, id: item.credential_id, secretHash: item.secret_hash },
      ...{ plan: undefined, expiresAtMs: undefined, lastUsedDayMs: undefined },
    });
    return key;
  };
  return {
    keyOf: (policy, consumer, scopes) => {
      const args = JSON.stringify([policy.prefix, consumer, scopes]);
      const key = keys.get(args) ?? create(policy.prefix, consumer, scopes);
      keys.set(args, key);
      return sentKey(policy, key);
    },
  };
};

export const sentKey = ({ in: kind, name }: KeyPlace, key: string): SentKey => {
  if (kind === 'query')
    return { headers: [], query: `?${new URLSearchParams({ [name]: key }).toString()}` };
  return { headers: [kind === 'cookie' ? `Cookie: ${name}=${key}` : `${name}: ${key}`], query: '' };
};
