import { randomBytes, randomInt } from 'node:crypto';
import {
  checksumOf,
  credentialId,
  digits,
  hashOf,
} from '../../../handler/src/sign-in/api-key/api-key.ts';
import { type CredentialItem, type CredentialRequest, newItem } from './credential.ts';

export interface ApiKeyRequest extends CredentialRequest {
  readonly prefix: string;
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

/** Makes a key with an id and a secret of its own. */
export const newApiKey = ({ prefix, ...request }: ApiKeyRequest, nowSeconds: number): NewApiKey => {
  const publicId = Array.from({ length: 12 }, () => digits[randomInt(digits.length)]).join('');
  const text = `${prefix}_${publicId}_${inBase62(randomBytes(32)).padStart(43, '0')}`;
  const key = text + checksumOf(text);
  const secret = { credential_id: credentialId(publicId), secret_hash: hashOf(key) };
  return { key, item: { ...newItem(secret, request, nowSeconds), prefix } };
};

const inBase62 = (bytes: Buffer): string => {
  let text = '';
  for (let rest = BigInt(`0x${bytes.toString('hex')}`); rest > 0n; rest /= 62n)
    text = (digits[Number(rest % 62n)] ?? '') + text;
  return text;
};
