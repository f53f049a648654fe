import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Permission } from '../../handler/compiler/permissions.ts';
import { valueVariable } from '../../handler/src/contract-values.ts';
import { httpApiEvent, lambdaContext } from '../../handler/testing/events.ts';
import { loadModule } from '../../handler/testing/load-contract.ts';
import { buildGateway } from './build-gateway.ts';
import { devSecrets } from './dev-secrets.ts';

const contract = `openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern:
  version: 1
  upstreams: {}
  failureLimit: false
  defaults: { rateLimits: [] }
paths:
  /hook:
    post: { security: [{ hook: [] }], x-postern: { respond: { status: 204 } } }
components:
  securitySchemes:
    hook:
      type: apiKey
      in: header
      name: X-Hub-Signature-256
      x-postern: { webhook: { scheme: github, secret: '\${hook_secret}' } }
`;

const permissions: readonly Permission[] = [
  { value: 'hook_secret', actions: ['secretsmanager:GetSecretValue'] },
  { value: 'topic', actions: ['sns:Publish'] },
];

describe('the secrets of the development server', () => {
  it.each([
    ['of dev.yaml', { hook_secret: 'a secret of mine for this' }, 'a secret of mine for this'],
    ['known to everybody', {}, devSecrets(permissions, {})[0]?.text ?? ''],
  ])('%s sign the webhooks that it accepts', async (_, values, text) => {
    const secrets = devSecrets(permissions, values);
    expect(secrets).toMatchObject([{ value: 'hook_secret', text }]);
    const handler = buildGateway(await loadModule({ 'gateway.yaml': contract }), {
      secrets,
      variables: Object.fromEntries(secrets.map(({ value, arn }) => [valueVariable(value), arn])),
      urls: {},
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      now: Date.now,
    } as unknown as Parameters<typeof buildGateway>[1]);
    const signature = createHmac('sha256', text).update('body').digest('hex');
    const statusWith = async (body: string) => {
      const headers = { 'x-hub-signature-256': `sha256=${signature}` };
      const response = await handler(
        httpApiEvent('POST', '/hook', { headers, body }),
        lambdaContext(),
      );
      return response.statusCode;
    };
    expect(await statusWith('body')).toBe(204);
    expect(await statusWith('another')).toBe(401);
  });
});
