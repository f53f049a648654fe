import { isSecretArn } from '../../aws/secret-arn.ts';
import { origins, type SettingsReader } from '../../environment.ts';
import { parseKeySet } from '../../stores/keys/signing-keys.ts';

export interface SessionSettings {
  readonly signingSecret: SigningSecret;
  /** How long a session is used after it was read. 0: every request reads it. */
  readonly cacheSeconds: number;
  /** Origins whose pages can send state-changing requests with the session cookie. */
  readonly allowedOrigins: ReadonlySet<string>;
}

export type SigningSecret =
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'inline'; readonly json: string };

const maxCacheSeconds = 3_600;

export const readSettings = (reader: SettingsReader): SessionSettings => ({
  signingSecret: readSigningSecret(reader),
  cacheSeconds: reader.read(
    'GATEWAY_SESSION_CACHE_SECONDS',
    `a whole number from 0 to ${maxCacheSeconds}`,
    cacheSeconds,
    0,
  ),
  allowedOrigins: reader.read(
    'GATEWAY_ALLOWED_ORIGINS',
    'a list of origins with commas between them, such as https://app.example.com',
    origins,
    new Set(),
  ),
});

const cacheSeconds = (text: string): number | undefined =>
  /^\d{1,4}$/.test(text) && Number(text) <= maxCacheSeconds ? Number(text) : undefined;

const arnVariable = 'GATEWAY_TOKEN_SIGNING_SECRET_ARN';
const inlineVariable = 'GATEWAY_TOKEN_SIGNING_SECRET';

const readSigningSecret = ({ variables, misconfigurations }: SettingsReader): SigningSecret => {
  const arn = variables[arnVariable];
  const json = variables[inlineVariable];
  if (!arn && !json)
    misconfigurations.push(`${arnVariable} is missing: set it to the ARN of the signing secret`);
  if (arn && json)
    misconfigurations.push(`${arnVariable} and ${inlineVariable} are both set: keep one`);
  if (arn && !isSecretArn(arn))
    misconfigurations.push(`${arnVariable} is not the ARN of a Secrets Manager secret`);
  if (json) misconfigurations.push(...misconfigurationsOfKeySet(json));
  return json ? { kind: 'inline', json } : { kind: 'arn', arn: arn ?? '' };
};

const misconfigurationsOfKeySet = (json: string): string[] => {
  try {
    parseKeySet(json);
    return [];
  } catch (error) {
    return [`${inlineVariable}: ${(error as Error).message}`];
  }
};
