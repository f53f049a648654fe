import { contract } from '../generated/contract.js';

/** What Terraform sets for the function, with AWS and every service at one address. */
export const functionEnvironment = (url: string): Record<string, string> => ({
  GATEWAY_ENV: 'test',
  GATEWAY_SESSION_TABLE_NAME: 'sessions',
  GATEWAY_RATELIMIT_TABLE_NAME: 'rate-limits',
  GATEWAY_TOKEN_SIGNING_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbC',
  ...Object.fromEntries(
    Object.values(contract.upstreams).map(({ urlVariable }) => [urlVariable, url]),
  ),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_ENDPOINT_URL: url,
});
