import { isSecretArn } from '../../aws/secret-arn.ts';
import type { SecretsManager } from '../../aws/secrets-manager.ts';
import type { SettingsReader } from '../../environment.ts';
import { describeError, type Log } from '../../telemetry/logger.ts';
import { createSigningKeys, parseKeySet, type SigningKeys } from './signing-keys.ts';

export type SigningSecret =
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'inline'; readonly json: string };

const arnVariable = 'GATEWAY_TOKEN_SIGNING_SECRET_ARN';
const inlineVariable = 'GATEWAY_TOKEN_SIGNING_SECRET';

/** From Secrets Manager or, in tests and on a developer's machine, as it is. */
export const readSigningSecret = ({
  variables,
  misconfigurations,
}: SettingsReader): SigningSecret => {
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

interface Tools {
  readonly secrets: SecretsManager;
  readonly log: Log;
  readonly now: () => number;
}

export const openSigningKeys = (secret: SigningSecret, { secrets, log, now }: Tools): SigningKeys =>
  createSigningKeys({
    readSecret: async (deadlineMs) =>
      secret.kind === 'inline' ? secret.json : secrets.getSecretString(secret.arn, { deadlineMs }),
    now,
    onReadFailure: (error) =>
      log.error('the signing keys cannot be read', { error: describeError(error) }),
  });
