import { describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { gatewayWith, route } from '../../../testing/gateway-with.ts';
import type { IamIdentity } from '../../exchange.ts';
import type { SignInTools } from '../../parts.ts';
import { platformIdentity } from '../../pipeline/platform-identity.ts';
import { iamSignIn } from './iam-sign-in.ts';
import type { IamPolicy } from './policy.ts';
import { principalOf } from './principal.ts';
import { withoutSignature } from './without-signature.ts';

const ofRole = {
  accountId: '123456789012',
  userArn: 'arn:aws:sts::123456789012:assumed-role/orders/i-0abc',
};

interface Arrival {
  readonly iam?: IamIdentity | undefined;
  readonly routeKey?: string;
  readonly path?: string;
  readonly method?: string;
}

/** The real pipeline with `GET /orders/{id}` for signed requests. */
const gatewayFor = (policy: Partial<IamPolicy> = {}, scopes: readonly string[] = []) => {
  const sent: Array<{ headers: Readonly<Record<string, string>>; query: string }> = [];
  const reader = {
    variables: {},
    misconfigurations: [],
    read: (name: string) =>
      (name === 'GATEWAY_VALUE_accounts' ? '210987654321, 123456789012' : '') as never,
  };
  const method = iamSignIn({ accounts: [], scopes: {}, ...policy })(reader)({} as SignInTools);
  const { gateway, lastNote } = gatewayWith({
    routes: [
      route('GET /orders/{id}', {
        access: {
          kind: 'signed-in',
          alternatives: [{ 'iam:signed': scopes }],
          method: 'iam:signed',
        },
      }),
    ],
    signIn: { 'iam:signed': method },
    features: { platformIdentity, iam: withoutSignature },
    respond: async ({ caller, request: { headers, query } }) => {
      sent.push({ headers, query });
      return { statusCode: 200, headers: {}, body: JSON.stringify(caller) };
    },
  });
  const call = async (
    { iam, routeKey, path = '/orders/1', method: verb = 'GET' }: Arrival,
    request: Parameters<typeof httpApiEvent>[2] = {},
  ) => {
    const event = httpApiEvent(verb, path, request);
    const { requestContext } = event;
    const result = await gateway(
      {
        ...event,
        requestContext: {
          ...requestContext,
          routeKey: routeKey ?? 'GET /orders/{id}',
          ...(iam && { authorizer: { iam } }),
        },
      },
      lambdaContext(),
    );
    const body = JSON.parse(result.body || '{}') as Record<string, unknown>;
    return { status: result.statusCode, body, note: lastNote() };
  };
  return { call, sent };
};

describe('a signed request', () => {
  it('has the role as its caller, whatever the name of the session', async () => {
    const { call } = gatewayFor();
    const other = { ...ofRole, userArn: ofRole.userArn.replace('i-0abc', 'admin') };
    for (const iam of [ofRole, other])
      expect(await call({ iam })).toMatchObject({
        status: 200,
        body: { userId: 'arn:aws:iam::123456789012:role/orders' },
      });
  });

  it('of an identity pool has the identity as its caller', async () => {
    const iam = { ...ofRole, cognitoIdentity: { identityId: 'eu-west-1:1234' } };
    expect(await gatewayFor().call({ iam })).toMatchObject({ body: { userId: 'eu-west-1:1234' } });
  });

  it('has the scopes of its principal, and no others', async () => {
    const { call } = gatewayFor({ scopes: { 'role/orders': ['orders:read'] } }, ['orders:read']);
    expect((await call({ iam: ofRole })).status).toBe(200);
    const user = { ...ofRole, userArn: 'arn:aws:iam::123456789012:user/orders' };
    expect(await call({ iam: user })).toMatchObject({
      status: 403,
      body: { code: 'ACCESS_DENIED' },
    });
  });

  it('is admitted from the accounts of the contract alone', async () => {
    const { call } = gatewayFor({ accounts: ['${accounts}'] });
    expect((await call({ iam: ofRole })).status).toBe(200);
    const userArn = 'arn:aws:iam::111111111111:user/ci';
    expect(await call({ iam: { ...ofRole, userArn } })).toMatchObject({
      status: 401,
      body: { code: 'CREDENTIALS_INVALID' },
      note: 'the account is not one of the contract’s',
    });
  });

  it('to HEAD is admitted by the route of HEAD', async () => {
    const { call } = gatewayFor();
    expect(
      (await call({ iam: ofRole, method: 'HEAD', routeKey: 'HEAD /orders/{id}' })).status,
    ).toBe(200);
  });

  it('reaches the upstream without its signature', async () => {
    const { call, sent } = gatewayFor();
    const headers = {
      authorization: 'AWS4-HMAC-SHA256 Credential=AKID/20270115/eu-west-1/execute-api/aws4_request',
      'x-amz-date': '20270115T080000Z',
      'x-amz-security-token': 'secret',
      'x-amz-meta': 'kept',
    };
    const query = 'a=1&X-Amz-Signature=ff&x-amz-other=2';
    await call({ iam: ofRole }, { headers, query });
    expect(sent[0]?.query).toBe('a=1&x-amz-other=2');
    expect(Object.keys(sent[0]?.headers ?? {})).toEqual(expect.arrayContaining(['x-amz-meta']));
    expect(Object.keys(sent[0]?.headers ?? {}).join()).not.toMatch(/authorization|x-amz-[ds]/);
  });
});

describe('a request', () => {
  it.each<[string, Arrival, string, string]>([
    ['by $default', { routeKey: '$default' }, 'CREDENTIALS_MISSING', 'did not come by a route'],
    [
      'with an identity by $default',
      { iam: ofRole, routeKey: '$default' },
      'CREDENTIALS_INVALID',
      'another route',
    ],
    [
      'that was authorized for another route than the gateway matches',
      { iam: ofRole, routeKey: 'GET /orders/{id}/items' },
      'CREDENTIALS_INVALID',
      'another route',
    ],
    [
      'that was authorized for another method',
      { iam: ofRole, routeKey: 'HEAD /orders/{id}' },
      'CREDENTIALS_INVALID',
      'another route',
    ],
    [
      'with a text that is no ARN',
      { iam: { ...ofRole, userArn: 'orders' } },
      'CREDENTIALS_INVALID',
      'no principal',
    ],
  ])('%s is refused', async (_, arrival, code, note) => {
    expect(await gatewayFor().call(arrival)).toMatchObject({
      status: 401,
      body: { code },
      note: expect.stringContaining(note),
    });
  });

  it('is refused although its headers look signed', async () => {
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=AKID/…', 'x-amzn-iam': '{}' };
    expect(await gatewayFor().call({ routeKey: '$default' }, { headers })).toMatchObject({
      status: 401,
    });
  });
});

describe('a principal', () => {
  it.each([
    ['arn:aws:sts::123456789012:assumed-role/orders/session', 'role/orders'],
    ['arn:aws-cn:iam::123456789012:user/teams/ci', 'user/ci'],
    ['arn:aws:sts::123456789012:federated-user/bob', 'federated-user/bob'],
    ['arn:aws:iam::123456789012:root', 'root'],
  ])('of %s is %s', (arn, name) => {
    expect(principalOf(arn)).toMatchObject({ account: '123456789012', name });
  });

  it.each(['', 'arn:aws:iam::12:user/a', 'arn:aws:sts::123456789012:assumed-role/', 'x'])(
    'is none of %j',
    (arn) => {
      expect(principalOf(arn)).toBeUndefined();
    },
  );
});
