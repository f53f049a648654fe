import { randomBytes } from 'node:crypto';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { parseKeySet } from '../../../handler/src/stores/keys/signing-keys.ts';
import { readBuiltContract } from '../../stack/build/built-contract.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { sessionDesk } from '../k6/session-desk.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import { type CheckedVersion, checkVersion } from './check-version.ts';
import { invokeVersion } from './invoke-version.ts';
import { readProxySecret } from './read-proxy-secret.ts';
import { planProbes, rolesOf } from './plan-probes.ts';
import { withProbeSessions } from './probe-sessions.ts';

export interface DeployedVersion {
  readonly environment: Environment;
  readonly deployment: Deployment;
  readonly lambda: LambdaClient;
  readonly version: string;
  /** Absent: the new version is judged alone. */
  readonly liveVersion?: string;
  readonly allowedHeaders?: readonly string[];
  /** Those that the versions read; absent: the deployment's. */
  readonly sessionTables?: readonly string[];
}

/** Tries a published version with the contract that was built and sessions of its own. */
export const checkDeployedVersion = async (deployed: DeployedVersion): Promise<CheckedVersion> => {
  const { environment, deployment, lambda, version, liveVersion, allowedHeaders = [] } = deployed;
  const { functionName } = deployment;
  const { contract, openapi } = await readBuiltContract();
  const { routes } = contract;
  const desk = await sessionDesk(environment, deployment, deployed.sessionTables);
  const proxySecret = await readProxySecret(environment, deployment);
  return withProbeSessions(desk, rolesOf(routes), (tokens) =>
    checkVersion({
      invoke: invokeVersion(lambda, { functionName, clientIp: someAddress, proxySecret }),
      probes: planProbes(routes, tokens),
      version,
      ...(liveVersion !== undefined && { liveVersion }),
      secrets: [
        tokens.holder,
        tokens.stranger,
        ...keysOf(desk.signingSecret),
        ...(proxySecret ? [proxySecret.value] : []),
      ],
      allowedHeaders,
      openapi,
    }),
  );
};

/** As a leak would show them: in the form in which the secret has them. */
const keysOf = (signingSecret: string): string[] =>
  [...parseKeySet(signingSecret).byKid.keys()].flatMap((kid) => {
    const { keys } = JSON.parse(signingSecret) as { keys: { kid: string; k: string }[] };
    return keys.filter((key) => key.kid === kid).map(({ k }) => k);
  });

/** From the block for documentation (RFC 3849), each in a /64 of its own: an allowance that nobody has touched. */
const someAddress = (): string => {
  const groups = randomBytes(4).toString('hex').match(/.{4}/g) ?? [];
  return `2001:db8:${groups.join(':')}::1`;
};
