import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import { readOutputs } from '../../stack/terraform/state-backend.ts';
import type { ProxySecret } from './invoke-version.ts';

/** What a version wants to see of the proxy in front of it; undefined where it takes requests from anywhere. */
export const readProxySecret = async (
  environment: Environment,
  { region }: Pick<Deployment, 'region'>,
): Promise<ProxySecret | undefined> => {
  const proxy = (await readOutputs(environment))?.['trusted_proxy']?.value as Proxy | undefined;
  if (!proxy) return undefined;
  const secrets = new SecretsManagerClient(awsClientOptions(environment, region));
  const { SecretString: json = '[]' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: proxy.secret_arn }),
  );
  const [value = ''] = JSON.parse(json) as readonly string[];
  return { headerName: proxy.header_name, value };
};

interface Proxy {
  readonly secret_arn: string;
  readonly header_name: string;
}
