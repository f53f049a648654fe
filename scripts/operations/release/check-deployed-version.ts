import { randomBytes } from 'node:crypto';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { builtInPath, healthPath } from '../../stack/build/built-in-path.ts';
import { readBuiltContract } from '../../stack/build/built-contract.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import { readStack } from '../../stack/terraform/state-backend.ts';
import { signInUsers, openSessions } from '../sessions/open-sessions.ts';
import { type CheckedVersion, checkVersion } from './check-version.ts';
import { invokeVersion, type ProxySecret } from './invoke-version.ts';
import { planProbes, rolesOf } from '../../stack/build/plan-probes.ts';

export interface DeployedVersion {
  readonly environment: Environment;
  readonly deployment: Deployment;
  readonly lambda: LambdaClient;
  readonly version: string;
  /** Absent: the new version is checked alone. */
  readonly liveVersion?: string;
  readonly allowedHeaders?: readonly string[];
  /** Those that the versions read; absent: the deployment's. */
  readonly sessionTables?: readonly string[];
}

/** Tests a published version with the built contract and separate sessions. */
export const checkDeployedVersion = async (deployed: DeployedVersion): Promise<CheckedVersion> => {
  const { environment, deployment, lambda, version, liveVersion, allowedHeaders = [] } = deployed;
  const { functionName } = deployment;
  const { contract, openapi } = await readBuiltContract();
  const { routes } = contract;
  const sessions = await openSessions(environment, deployment, deployed.sessionTables);
  const proxySecret = await readProxySecret(environment, deployment);
  const users = { lifetimeSeconds: 900, members: 1 };
  const { members, stranger, signOut } = await signInUsers(sessions, rolesOf(routes), users);
  const [{ token: holder }] = members;
  const tokens = { holder, stranger: stranger.token, forged: forgedFrom(holder) };
  return checkVersion({
    invoke: invokeVersion(lambda, { functionName, clientIp: someAddress, proxySecret }),
    probes: planProbes(routes, tokens),
    version,
    ...(liveVersion !== undefined && { liveVersion }),
    secrets: [
      tokens.holder,
      tokens.stranger,
      ...keysOf(sessions.signingSecret),
      ...(proxySecret ? [proxySecret.value] : []),
    ],
    allowedHeaders,
    healthPath: healthPath(routes),
    openapi: { text: openapi, path: builtInPath(routes, 'openapi') },
  }).finally(signOut);
};

/** As a leak would show them: in the form in which the secret has them. */
const keysOf = (signingSecret: string): string[] =>
  (JSON.parse(signingSecret) as { keys: { k: string }[] }).keys.map(({ k }) => k);

/** From the block for documentation (RFC 3849), each in a different /64, with an unused allowance. */
const someAddress = (): string => {
  const groups = randomBytes(4).toString('hex').match(/.{4}/g) ?? [];
  return `2001:db8:${groups.join(':')}::1`;
};

/** The header of the trusted proxy that a version needs. Undefined if it accepts requests from anywhere. */
const readProxySecret = async (
  environment: Environment,
  { region }: Pick<Deployment, 'region'>,
): Promise<ProxySecret | undefined> => {
  const proxy = (await readStack(environment))?.['trusted_proxy'] as Proxy | undefined;
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

/** The same claims under another key's signature. */
const forgedFrom = (token: string): string =>
  [...token.split('.').slice(0, 2), randomBytes(32).toString('base64url')].join('.');
