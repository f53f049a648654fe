import { columns } from '../../stack/command-line/columns.ts';
import type { CredentialItem } from './credential.ts';
import type { ApiKeyItem, NewApiKey } from './new-api-key.ts';

/** A credential for programs; times are ISO 8601 in UTC. */
export interface ListedCredential {
  readonly consumer: string;
  readonly plan: string | null;
  readonly scopes: readonly string[];
  readonly state: 'active' | 'expired';
  readonly created_at: string | null;
  readonly expires_at: string | null;
  /** A day. */
  readonly last_used_on: string | null;
}

export interface ListedKey extends ListedCredential {
  /** The beginning of the key, by which the commands name it. */
  readonly id: string;
}

export const listedKey = (item: ApiKeyItem, nowSeconds: number): ListedKey => ({
  id: shownId(item),
  ...listedCredential(item, nowSeconds),
});

export const listedCredential = (item: CredentialItem, nowSeconds: number): ListedCredential => {
  const { consumer, plan = null, scopes, expires_at: expiresAt } = item;
  return {
    consumer,
    plan,
    scopes,
    state: expiresAt !== undefined && expiresAt <= nowSeconds ? 'expired' : 'active',
    created_at: timeOf(item.created_at),
    expires_at: timeOf(expiresAt),
    last_used_on: timeOf(item.last_used_at)?.slice(0, 10) ?? null,
  };
};

/** With the key itself, which is shown this once. */
export const createdKey = ({ key, item }: NewApiKey, nowSeconds: number) => ({
  key,
  ...listedKey(item, nowSeconds),
});

/** `shop_4fQz1X8mT0aB`. */
export const shownId = ({ prefix, credential_id: id }: ApiKeyItem): string =>
  [prefix, id.slice(id.indexOf('/') + 1)].filter((part) => part !== undefined).join('_');

const timeOf = (seconds: number | undefined): string | null =>
  seconds === undefined ? null : timeText(seconds);

/** Of epoch seconds: `2026-11-29T12:00:00Z`. */
export const timeText = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().replace('.000', '');

/** A table for a terminal. */
export const describeKeys = (keys: readonly ListedKey[]): string =>
  keys.length === 0
    ? 'There are no API keys.'
    : credentialTable(
        'KEY',
        keys.map((key) => [key.id, key]),
      );

/** Each with what the commands call it. */
export const credentialTable = (
  title: string,
  named: ReadonlyArray<readonly [name: string, credential: ListedCredential]>,
): string =>
  columns([
    [title, 'CONSUMER', 'PLAN', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'],
    ...named.map(([name, credential]) => [
      name,
      credential.consumer,
      credential.plan ?? '-',
      credential.scopes.join(',') || '-',
      credential.created_at?.slice(0, 10) ?? '-',
      credential.state === 'expired' ? 'expired' : (credential.expires_at ?? 'never'),
      credential.last_used_on ?? 'never',
    ]),
  ]);
