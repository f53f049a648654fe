import { describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../handler/src/exchange.ts';
import type { SignInTools } from '../../handler/src/parts.ts';
import { loadModule } from '../../handler/testing/load-contract.ts';
import { describeUnverified, withoutApiGateway } from './without-api-gateway.ts';

const contract = `
openapi: 3.1.0
info: { title: Orders, version: '1' }
x-postern: { version: 1, upstreams: { orders: { http: {} } }, defaults: { upstream: orders, rateLimits: [] } }
paths:
  /orders:
    get: { security: [{ signed: [] }] }
    post: { security: [{ certified: [] }] }
  /carts:
    get: { security: [{ certified: [] }, { session: [] }] }
    put: { security: [{ certified: [], session: [] }] }
components:
  securitySchemes:
    signed: { type: apiKey, in: header, name: Authorization, x-postern: { iam: {} } }
    certified: { type: mutualTLS, x-postern: { mutualTls: {} } }
    session: { type: http, scheme: bearer, x-postern: { session: {} } }
`;

describe('without API Gateway', () => {
  it('the start names the operations that nobody can call, and who would verify what', async () => {
    const compiled = await loadModule({ 'gateway.yaml': contract });
    expect(describeUnverified(compiled.contract)).toEqual([
      'API Gateway verifies the signature of a request (AWS_IAM) for signed, and there is none here: these respond 401, so call a deployed environment:\n  GET /orders',
      'API Gateway verifies the client certificate of a connection (mutual TLS) for certified, and there is none here: these respond 401, so call a deployed environment:\n  POST /orders, PUT /carts',
    ]);
  });

  it('its sign-in methods refuse with the reason, and others stay', async () => {
    const compiled = await loadModule({ 'gateway.yaml': contract });
    const { signIn } = withoutApiGateway(compiled);
    const refusal = async (method: 'iam:signed' | 'mutualTls:certified'): Promise<unknown> =>
      signIn[method]?.({} as never)({} as SignInTools).authenticate({} as Exchange);
    await expect(refusal('iam:signed')).rejects.toMatchObject({
      code: 'CREDENTIALS_MISSING',
      detail:
        'API Gateway verifies the signature of a request (AWS_IAM) for signed, and the development server has none: call a deployed environment.',
    });
    await expect(refusal('mutualTls:certified')).rejects.toMatchObject({
      code: 'CREDENTIALS_MISSING',
    });
    expect(signIn['session']).toBe(compiled.signIn['session']);
  });
});
