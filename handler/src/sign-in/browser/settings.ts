import { isSecretArn } from '../../aws/secret-arn.ts';
import { filled, valueNames, valueReader, valueVariable } from '../../contract-values.ts';
import type { SettingsReader } from '../../environment.ts';
import { readAllowedOrigins } from '../../http/cross-site.ts';
import { secureUrl, wellKnown } from '../../openid/secure-url.ts';
import { readSigningSecret, type SigningSecret } from '../../stores/keys/signing-secret.ts';
import type { BrowserPolicy } from './policy.ts';
import { type ReturnPlace, returnPlace } from './return-to.ts';

/** The policy with the values of the environment, and its addresses as URLs. */
export interface BrowserSettings {
  readonly policy: BrowserPolicy;
  readonly discoveryUrl: URL;
  readonly places: readonly ReturnPlace[];
  readonly signingSecret: SigningSecret;
  /** The origins whose pages may sign users out. */
  readonly allowedOrigins: ReadonlySet<string>;
}

export const readSettings = (policy: BrowserPolicy, reader: SettingsReader): BrowserSettings => {
  const { misconfigurations } = reader;
  const valueOf = valueReader(reader);
  const fill = (text: string): string => filled(text, valueOf);
  const checked = <T>(text: string, made: T | undefined, wanted: string): T | undefined => {
    const variables = valueNames([text]).map(valueVariable).join(' and ');
    if (made === undefined) misconfigurations.push(`${variables} makes ${wanted}`);
    return made;
  };
  const url = (text: string, suffix: string): URL =>
    checked(
      text,
      secureUrl(fill(text).replace(/\/?$/, suffix)),
      'no https URL, which the sign-in for browsers needs',
    ) ?? new URL('https://invalid');
  const { issuer, clientId, clientSecret, baseUrl, returnTo } = policy;
  const secretArn = clientSecret === undefined ? undefined : fill(clientSecret);
  if (clientSecret !== undefined)
    checked(
      clientSecret,
      isSecretArn(secretArn ?? '') || undefined,
      'no ARN of a secret in Secrets Manager, which has the client secret of the sign-in for browsers',
    );
  return {
    policy: {
      ...policy,
      issuer: fill(issuer),
      clientId: fill(clientId),
      clientSecret: secretArn,
      baseUrl: baseUrl === undefined ? undefined : url(baseUrl, '').href.replace(/\/$/, ''),
    },
    discoveryUrl: url(issuer, wellKnown),
    places: returnTo.flatMap((text) => {
      const place = returnPlace(fill(text));
      return checked(text, place, 'no place to return to') ?? [];
    }),
    signingSecret: readSigningSecret(reader),
    allowedOrigins: readAllowedOrigins(reader),
  };
};
