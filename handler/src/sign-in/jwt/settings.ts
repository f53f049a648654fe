import {
  filled,
  filledList,
  valueNames,
  valueReader,
  valueVariable,
} from '../../contract-values.ts';
import type { SettingsReader } from '../../environment.ts';
import { secureUrl, wellKnown } from '../../openid/secure-url.ts';
import type { TokenPolicy } from './policy.ts';

/** A policy with the values of the environment, and its addresses as URLs. */
export interface JwtSettings {
  readonly policy: TokenPolicy;
  readonly discoveryUrl: URL;
  readonly jwksUri: URL | undefined;
}

export const readSettings = (policy: TokenPolicy, reader: SettingsReader): JwtSettings => {
  const { scheme, issuer, discoveryUrl, jwksUri, audiences, clients } = policy;
  const { misconfigurations } = reader;
  const valueOf = valueReader(reader);
  const listed = (texts: readonly string[]): readonly string[] => {
    const list = filledList(texts, valueOf);
    if (list.length === 0 && texts.length > 0)
      misconfigurations.push(`${variablesIn(texts)} has no entry`);
    return list;
  };
  const url = (text: string, suffix = ''): URL => {
    const found = secureUrl(filled(text, valueOf).replace(suffix === '' ? /$/ : /\/?$/, suffix));
    if (found === undefined)
      misconfigurations.push(
        `${variablesIn([text])} makes no https URL, which the security scheme ${scheme} needs`,
      );
    return found ?? new URL('https://invalid');
  };
  return {
    policy: {
      ...policy,
      issuer: filled(issuer, valueOf),
      audiences: listed(audiences),
      clients: listed(clients),
    },
    discoveryUrl: discoveryUrl === undefined ? url(issuer, wellKnown) : url(discoveryUrl),
    jwksUri: jwksUri === undefined ? undefined : url(jwksUri),
  };
};

const variablesIn = (texts: readonly string[]): string =>
  valueNames(texts).map(valueVariable).join(' and ');
