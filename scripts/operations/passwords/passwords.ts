import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { type Environment, spelledOut } from '../../stack/environments/environment.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { type CredentialItems, credentialItemsIn } from '../api-keys/credential-items.ts';
import type { CredentialItem } from '../api-keys/credential.ts';

/** The passwords of a deployed environment's consumers. */
export const openPasswords = async (
  environment: Environment,
): Promise<{
  readonly passwords: CredentialItems<CredentialItem>;
  /** The names of the plans of the contract. */
  readonly plans: readonly string[];
}> => {
  const { region, furtherTableNames, planQuotas } = await readDeployment(environment);
  const { credentials } = furtherTableNames;
  if (credentials === undefined)
    throw new CommandError(
      `The contract that is deployed in ${environment.name} has no consumers with passwords. Add "x-postern: { basic: {} }" to a security scheme of the type http with scheme basic, name the scheme in the security of an operation, and deploy it: make deploy ${spelledOut(environment)}`,
    );
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  const passwords = credentialItemsIn<CredentialItem>(client, credentials, 'basic');
  return { passwords, plans: Object.keys(planQuotas) };
};
