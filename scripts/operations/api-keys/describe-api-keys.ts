import { columns } from '../../stack/command-line/columns.ts';
import type { ApiKeyItem, NewApiKey } from './new-api-key.ts';

/** A key for programs; times are ISO 8601 in UTC. */
export interface ListedKey {
  /** The beginning of the key, by which the commands name it. */
  readonly id: string;
  readonly consumer: string;
  readonly plan: string | null;
  readonly scopes: readonly string[];
  readonly state: 'active' | 'expired';
  readonly created_at: string | null;
  readonly expires_at: string | null;
  /** A day. */
  readonly last_used_on: string | null;
}

export const listedKey = (item: ApiKeyItem, nowSeconds: number): ListedKey => {
  const { consumer, plan = null, scopes, expires_at: expiresAt } = item;
  return {
    id: shownId(item),
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
  seconds === undefined ? null : new Date(seconds * 1_000).toISOString().replace('.000', '');

/** A table for a terminal. */
export const describeKeys = (keys: readonly ListedKey[]): string =>
  keys.length === 0
    ? 'There are no API keys.'
    : columns([
        ['KEY', 'CONSUMER', 'PLAN', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'],
        ...keys.map((key) => [
          key.id,
          key.consumer,
          key.plan ?? '-',
          key.scopes.join(',') || '-',
          key.created_at?.slice(0, 10) ?? '-',
          key.state === 'expired' ? 'expired' : (key.expires_at ?? 'never'),
          key.last_used_on ?? 'never',
        ]),
      ]);
