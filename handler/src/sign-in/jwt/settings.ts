import type { SettingsReader } from '../../environment.ts';
import type { TokenPolicy } from './policy.ts';

/** A policy with the values of the environment, and its addresses as URLs. */
export interface JwtSettings {
  readonly policy: TokenPolicy;
  readonly discoveryUrl: URL;
  readonly jwksUri: URL | undefined;
}

/** The environment variable with a value that the contract refers to as `${name}`. */
export const valueVariable = (name: string): string => `GATEWAY_VALUE_${name}`;

/** OpenID Connect Discovery 1.0 §4. */
const wellKnown = '/.well-known/openid-configuration';

export const readSettings = (policy: TokenPolicy, reader: SettingsReader): JwtSettings => {
  const { scheme, issuer, discoveryUrl, jwksUri, audiences, clients } = policy;
  const { misconfigurations } = reader;
  const filled = (text: string): string =>
    text.replace(reference, (_, name: string) =>
      reader.read(valueVariable(name), `what the contract calls ${name}`, (value) => value),
    );
  /** A value may list several, separated by commas. */
  const listed = (texts: readonly string[]): readonly string[] => {
    const list = texts
      .flatMap((text) => filled(text).split(','))
      .map((each) => each.trim())
      .filter((each) => each !== '');
    if (list.length === 0 && texts.length > 0)
      misconfigurations.push(`${variablesIn(texts.join())} has no entry`);
    return list;
  };
  const url = (text: string, suffix = ''): URL => {
    const found = secureUrl(filled(text).replace(suffix === '' ? /$/ : /\/?$/, suffix));
    if (found === undefined)
      misconfigurations.push(
        `${variablesIn(text)} makes no https URL, which the security scheme ${scheme} needs`,
      );
    return found ?? new URL('https://invalid');
  };
  return {
    policy: {
      ...policy,
      issuer: filled(issuer),
      audiences: listed(audiences),
      clients: listed(clients),
    },
    discoveryUrl: discoveryUrl === undefined ? url(issuer, wellKnown) : url(discoveryUrl),
    jwksUri: jwksUri === undefined ? undefined : url(jwksUri),
  };
};

/** `${name}` in a text of the contract. */
export const reference = /\$\{(\w+)\}/g;

const variablesIn = (text: string): string =>
  [...text.matchAll(reference)].map(([, name = '']) => valueVariable(name)).join(' and ');

/** An https URL, or an http URL of this machine, where tests and emulators have their providers. */
export const secureUrl = (text: string): URL | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username || url.password || url.hash) return undefined;
  const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal) ? url : undefined;
};
