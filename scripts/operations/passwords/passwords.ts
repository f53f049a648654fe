import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { type Environment, spelledOut } from '../../stack/environments/environment.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { idOf, type PasswordItem } from './new-password.ts';

/** The passwords of an environment's consumers, with the caller's own AWS credentials. */
export interface Passwords {
  /** False if the user has one. */
  put(item: PasswordItem): Promise<boolean>;
  /** False if the user had none. */
  remove(user: string): Promise<boolean>;
}

export const openPasswords = async (environment: Environment): Promise<Passwords> => {
  const { region, furtherTableNames } = await readDeployment(environment);
  const { credentials } = furtherTableNames;
  if (credentials === undefined)
    throw new CommandError(
      `The contract that is deployed in ${environment.name} has no consumers with passwords. Add "x-postern: { basic: {} }" to a security scheme of the type http with scheme basic, name the scheme in the security of an operation, and deploy it: make deploy ${spelledOut(environment)}`,
    );
  const client = new DynamoDBClient(awsClientOptions(environment, region));
  return passwordsIn(client, credentials);
};

export const passwordsIn = (
  client: Pick<DynamoDBClient, 'send'>,
  TableName: string,
): Passwords => ({
  put: async (item) => {
    const command = new PutItemCommand({
      TableName,
      Item: marshall(item),
      ConditionExpression: 'attribute_not_exists(credential_id)',
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if ((error as Error).name === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  },
  remove: async (user) => {
    const Key = { credential_id: { S: idOf(user) } };
    const command = new DeleteItemCommand({ TableName, Key, ReturnValues: 'ALL_OLD' });
    return (await client.send(command)).Attributes !== undefined;
  },
});
