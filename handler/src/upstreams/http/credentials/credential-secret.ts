import { isSecretArn } from '../../../aws/secret-arn.ts';
import { valueVariable } from '../../../contract-values.ts';
import type { SettingsReader } from '../../../environment.ts';
import { GatewayError } from '../../../http/gateway-error.ts';
import type { UpstreamTools } from '../../../parts.ts';
import { createRotatingSecret } from '../../../stores/secrets/rotating-secret.ts';
import { describeError } from '../../../telemetry/logger.ts';

/** A text of Secrets Manager that the gateway proves itself with. */
export interface CredentialSecret {
  /** Throws UPSTREAM_CREDENTIALS_UNAVAILABLE if it was never read, or is not what it should be. */
  current(deadlineMs: number): Promise<string>;
  /** Another one than this, which the upstream refuses: the secret is read again, once a minute at most. */
  renewed(refused: string, deadlineMs: number): Promise<string | undefined>;
}

/** Longest wait for the first read, which begins when the execution environment starts. */
const startWithinMs = 5_000;

/**
 * The secret whose ARN is the value of this name. It is read again every five minutes, so that a new one needs no deploy;
 * while that fails, the last one counts.
 *
 * @param parse throws a TypeError that describes what is wrong, without any of the content.
 */
export const credentialSecret = (
  name: string,
  parse: (text: string) => string,
  { read }: SettingsReader,
): ((tools: UpstreamTools, upstream: string) => CredentialSecret) => {
  const arn = read(valueVariable(name), 'the whole ARN of a Secrets Manager secret', (text) =>
    isSecretArn(text) ? text : undefined,
  );
  return ({ secrets, log, now }, upstream) => {
    const secret = createRotatingSecret({
      readSecret: (deadlineMs) => secrets.getSecretString(arn, { deadlineMs }),
      parse,
      unavailable,
      now,
      onReadFailure: (error) =>
        log.error('the credentials for an upstream cannot be read', {
          upstream,
          value: name,
          reason: error instanceof TypeError ? error.message : undefined, // A fixed text.
          error: describeError(error),
        }),
    });
    secret.load(now() + startWithinMs).catch(() => undefined);
    return {
      current: async (deadlineMs) => (await secret.find((text) => text, deadlineMs)) ?? '',
      renewed: (refused, deadlineMs) =>
        secret.find((text) => (text === refused ? undefined : text), deadlineMs),
    };
  };
};

export const unavailable = (cause: unknown): GatewayError =>
  new GatewayError('UPSTREAM_CREDENTIALS_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '1' },
    cause,
  });

/** A password, a key or a token, alone. */
export const parseText = (text: string): string => {
  const trimmed = text.trim();
  if (trimmed.startsWith('{'))
    throw new TypeError('The secret must be the credential alone, not JSON');
  if (!/^[ -~]{1,8192}$/.test(trimmed))
    throw new TypeError('The secret must be one line of 1 to 8192 visible ASCII characters');
  return trimmed;
};
