import { randomBytes, randomInt } from 'node:crypto';
import {
  checksumOf,
  credentialId,
  digits,
  hashOf,
} from '../../../handler/src/sign-in/api-key/api-key.ts';

export interface ApiKeyRequest {
  readonly prefix: string;
  readonly consumer: string;
  readonly plan?: string | undefined;
  readonly scopes: readonly string[];
  /** Undefined: it does not expire. */
  readonly lifetimeSeconds?: number | undefined;
}

/** An item of the credentials table; times are epoch seconds. */
export interface CredentialItem {
  readonly credential_id: string;
  readonly consumer: string;
  readonly plan?: string;
  readonly scopes: readonly string[];
  readonly secret_hash: string;
  readonly created_at: number;
  readonly expires_at?: number;
  readonly ttl?: number;
  readonly last_used_at?: number;
}

export interface ApiKeyItem extends CredentialItem {
  readonly prefix: string;
}

export interface NewApiKey {
  /** For the consumer: it is the complete credential. */
  readonly key: string;
  /** For the table, which never sees the key itself. */
  readonly item: ApiKeyItem;
}

/** How long an expired key stays in the list. */
const keptSeconds = 30 * 24 * 3_600;

/** What makes a key expire: DynamoDB deletes its item later. */
export const expiry = (atSeconds: number) => ({
  expires_at: atSeconds,
  ttl: atSeconds + keptSeconds,
});

/** Makes a key with an id and a secret of its own. */
export const newApiKey = (
  { prefix, consumer, plan, scopes, lifetimeSeconds }: ApiKeyRequest,
  nowSeconds: number,
): NewApiKey => {
  const publicId = Array.from({ length: 12 }, () => digits[randomInt(digits.length)]).join('');
  const text = `${prefix}_${publicId}_${inBase62(randomBytes(32)).padStart(43, '0')}`;
  const key = text + checksumOf(text);
  const item: ApiKeyItem = {
    credential_id: credentialId(publicId),
    consumer,
    ...(plan !== undefined && { plan }),
    scopes,
    secret_hash: hashOf(key),
    prefix,
    created_at: nowSeconds,
    ...(lifetimeSeconds !== undefined && expiry(nowSeconds + lifetimeSeconds)),
  };
  return { key, item };
};

const inBase62 = (bytes: Buffer): string => {
  let text = '';
  for (let rest = BigInt(`0x${bytes.toString('hex')}`); rest > 0n; rest /= 62n)
    text = (digits[Number(rest % 62n)] ?? '') + text;
  return text;
};
