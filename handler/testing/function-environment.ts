import { contract as example } from '../generated/example/contract.js';
import type { Contract } from '../src/contract.ts';
import { httpPolicies } from './upstream-policy.ts';

/** The environment variables that Terraform sets, with AWS and every service at one address. */
export const functionEnvironment = (
  url: string,
  { upstreams }: Pick<Contract, 'upstreams'> = example,
): Record<string, string> => ({
  GATEWAY_NAME: 'postern-test',
  GATEWAY_ENV: 'test',
  GATEWAY_SESSION_TABLE_NAME: 'sessions',
  GATEWAY_RATELIMIT_TABLE_NAME: 'rate-limits',
  GATEWAY_TOKEN_SIGNING_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbC',
  ...Object.fromEntries(
    httpPolicies({ upstreams }).map(({ urlVariable, allowedHosts: [host] }) => [
      urlVariable,
      host === undefined ? url : `http://${host}`,
    ]),
  ),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_ENDPOINT_URL: url,
});
