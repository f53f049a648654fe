import type { Permission } from '../../handler/compiler/permissions.ts';

export interface DevSecret {
  /** The name of the value that is the secret's ARN in an environment. */
  readonly value: string;
  /** Stands for the secret in the gateway's settings. */
  readonly arn: string;
  readonly text: string;
}

/**
 * The secrets that the contract refers to by the values of an environment. Here, such a value is the secret itself or, if
 * `dev.yaml` has none, one that everybody knows.
 */
export const devSecrets = (
  permissions: readonly Permission[],
  values: Readonly<Record<string, string>>,
): readonly DevSecret[] =>
  permissions.flatMap((permission) =>
    'value' in permission && permission.actions.includes('secretsmanager:GetSecretValue')
      ? [
          {
            value: permission.value,
            arn: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${permission.value}`,
            text: values[permission.value] ?? knownSecret,
          },
        ]
      : [],
  );

/** In the form of every scheme for webhooks: a text of 50 characters, and base64 of 32 bytes. */
const knownSecret = `whsec_${Buffer.from('the secret of development server').toString('base64')}`;
