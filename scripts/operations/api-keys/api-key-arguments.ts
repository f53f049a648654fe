import { credentialId } from '../../../handler/src/sign-in/api-key/api-key.ts';
import { type Arguments, duration } from '../../stack/command-line/arguments.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import type { CredentialRequest } from './credential.ts';
import type { ApiKeyRequest } from './new-api-key.ts';

const longest = '3650d';

type ForAll = 'CONSUMER' | 'PLAN' | 'SCOPES' | 'EXPIRES';

/** Reads the arguments of `make apikey-create`. `prefixes` are those of the deployed contract. */
export const readApiKeyRequest = (
  args: Arguments<ForAll | 'PREFIX'>,
  prefixes: readonly string[],
): ApiKeyRequest => ({
  prefix: prefixFrom(args.PREFIX, prefixes),
  ...readCredentialRequest(args),
});

/** What all kinds of credentials have. */
export const readCredentialRequest = (args: Arguments<ForAll>): CredentialRequest => ({
  consumer: consumerFrom(args.CONSUMER),
  plan: planFrom(args.PLAN),
  scopes: scopesFrom(args.SCOPES),
  lifetimeSeconds: lifetimeFrom(args.EXPIRES),
});

const prefixFrom = (text: string | undefined, prefixes: readonly string[]): string => {
  const [only] = prefixes;
  if (text === undefined && prefixes.length === 1 && only !== undefined) return only;
  if (text !== undefined && prefixes.includes(text)) return text;
  const known = `The contract that is deployed has ${prefixes.join(' and ')}`;
  throw new CommandError(
    text === undefined
      ? `PREFIX is missing. ${known}: choose one, such as PREFIX=${only}`
      : `PREFIX is "${text}". ${known}.`,
  );
};

/** A consumer's name goes to upstreams in a header. */
export const consumerFrom = (text: string | undefined): string => {
  if (text === undefined)
    throw new CommandError(
      'CONSUMER is missing: make apikey-create ENV=local CONSUMER=acme SCOPES=orders:read',
    );
  if (/^[A-Za-z0-9][A-Za-z0-9._@:-]{0,127}$/.test(text)) return text;
  throw new CommandError(
    `CONSUMER is "${text}"; it has up to 128 letters, digits, ".", "_", "@", ":" and "-", and begins with a letter or a digit.`,
  );
};

const planFrom = (text: string | undefined): string | undefined => {
  if (text === undefined || /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(text)) return text;
  throw new CommandError(`PLAN is "${text}"; it is the name of a plan in the contract.`);
};

const scopesFrom = (text: string | undefined): readonly string[] => {
  const scopes = text?.split(',').map((scope) => scope.trim()) ?? [];
  // RFC 6749 §3.3, without the comma.
  const wrong = scopes.find((scope) => !/^[!#-+\--[\]-~]{1,128}$/.test(scope));
  if (wrong === undefined) return [...new Set(scopes)];
  throw new CommandError(
    `SCOPES has "${wrong}"; scopes are separated by commas and have no spaces, such as SCOPES=orders:read,orders:write`,
  );
};

export const lifetimeFrom = (text: string | undefined): number | undefined =>
  text === undefined
    ? undefined
    : duration(text, 'EXPIRES', { usual: '90d', least: '1s', most: longest }) / 1_000;

/** How long a key that is replaced stays valid, in seconds. */
export const graceFrom = (text: string | undefined): number =>
  duration(text, 'GRACE', { usual: '7d', least: '1s', most: '365d' }) / 1_000;

/** The id of a credential, by what names a key: the whole of it, its beginning as in the list, or its public id. */
export const credentialIdFrom = (text: string | undefined): string => {
  const publicId = /^(?:[a-z][a-z0-9_]*_)?([0-9A-Za-z]{12})(?:_[0-9A-Za-z]{49})?$/.exec(
    text ?? '',
  )?.[1];
  if (publicId !== undefined) return credentialId(publicId);
  throw new CommandError(
    text === undefined
      ? 'KEY is missing: the public id, which make apikey-list ENV=local shows, such as KEY=shop_4fQz1X8mT0aB'
      : 'KEY is no API key and no id of one; make apikey-list ENV=local shows the ids, such as KEY=shop_4fQz1X8mT0aB',
  );
};

/** What `make apikey-revoke` revokes: one key, or all of a consumer. */
export type Revocation =
  | { readonly kind: 'key'; readonly id: string }
  | { readonly kind: 'consumer'; readonly consumer: string };

export const readKeyRevocation = ({
  KEY: key,
  CONSUMER: consumer,
}: Arguments<'KEY' | 'CONSUMER'>): Revocation => {
  if (key !== undefined && consumer !== undefined)
    throw new CommandError(
      'KEY and CONSUMER are both set: KEY revokes one key, CONSUMER all of a consumer. Leave one out.',
    );
  if (consumer !== undefined) return { kind: 'consumer', consumer: consumerFrom(consumer) };
  if (key !== undefined) return { kind: 'key', id: credentialIdFrom(key) };
  throw new CommandError(
    'KEY or CONSUMER is missing: make apikey-revoke ENV=local KEY=shop_4fQz1X8mT0aB, or CONSUMER=acme',
  );
};
