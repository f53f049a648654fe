import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { compileText } from '../../../compiler/testing/compile-files.ts';
import { nowMs } from '../../../testing/gateway-with.ts';
import { jwtGatewayWith } from '../../../testing/jwt-gateway.ts';
import {
  accessToken,
  createIssuerKey,
  type IssuerKey,
  keySetOf,
} from '../../../testing/token-issuer.ts';
import { createMemoryIssuerKeys } from '../../stores/issuer-keys/memory-issuer-keys.ts';
import type { TokenPolicy } from './policy.ts';
import { readSettings } from './settings.ts';

// The schemes and the tokens of docs/sign-in.md, as it prints them.

const page = readFileSync(join(import.meta.dirname, '../../../../docs/sign-in.md'), 'utf8');

interface Guide {
  readonly name: string;
  readonly yaml: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const guides = [
  ...page.matchAll(/^### (.+)\n[^]*?```yaml\n([^]*?)```[^]*?```json\n([^]*?)```/gm),
].map(([, name = '', yaml = '', json = '']): Guide => ({
  name,
  yaml,
  ...(JSON.parse(json) as Pick<Guide, 'header' | 'claims'>),
}));

const policyOf = ({ yaml }: Guide): TokenPolicy => {
  const schemes = parse(yaml) as object;
  const [scheme = ''] = Object.keys(schemes);
  const contract = {
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    'x-postern': {
      version: 1,
      upstreams: { orders: { http: {} } },
      rateLimits: { visitor: { per: ['ip'], limit: 10, window: '60s' } },
      defaults: { rateLimits: ['visitor'] },
    },
    security: [{ [scheme]: [] }],
    paths: { '/orders': { get: { 'x-postern': { upstream: 'orders' } } } },
    components: { securitySchemes: schemes },
  };
  const { summary } = compileText(JSON.stringify(contract));
  const [policy] = summary['access_tokens'] as readonly TokenPolicy[];
  if (policy === undefined) throw new Error('The guide has no scheme');
  return policy;
};

let key: IssuerKey;
beforeAll(async () => {
  key = await createIssuerKey('RS256', 'any');
});

const send = async (guide: Guide, claims: Guide['claims'], names: readonly string[]) => {
  const policy = policyOf(guide);
  const issuerKeys = createMemoryIssuerKeys();
  const { discoveryUrl } = readSettings(policy, {
    variables: {},
    misconfigurations: [],
    read: () => undefined as never,
  });
  const jwk = { ...key.jwk, kid: String(guide.header['kid']) };
  const published = { json: keySetOf({ jwk }), readAtMs: nowMs };
  await issuerKeys.keep(`${policy.issuer} ${discoveryUrl.href}`, published, 0);
  const world = jwtGatewayWith({
    policies: [policy],
    alternatives: [{ [`jwt:${policy.scheme}`]: names }],
    issuerKeys,
  });
  const seconds = nowMs / 1_000;
  const times = { iat: seconds, nbf: undefined, exp: seconds + 300 };
  const none = { aud: undefined, sub: undefined, scope: undefined };
  const token = await accessToken(key, nowMs, {
    header: { typ: undefined, ...guide.header },
    claims: { ...none, ...claims, ...times },
  });
  const response = await world.get(token);
  return { ...response, note: world.lastNote() };
};

const guide = (name: string): Guide => {
  const found = guides.find((each) => each.name === name);
  if (found === undefined) throw new Error(`docs/sign-in.md has no guide for ${name}`);
  return found;
};

const expected: ReadonlyArray<
  readonly [name: string, names: readonly string[], caller: object, missing: string]
> = [
  [
    'Cognito',
    ['admin'],
    { userId: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee', roles: ['admin', 'support'] },
    'openid',
  ],
  [
    'Auth0',
    ['orders:read'],
    {
      userId: 'auth0|6553da60a54af58e29493993',
      headers: { 'x-authenticated-tenant': 'acme' },
    },
    'orders:write',
  ],
  [
    'Entra ID',
    ['orders.read', 'orders.write'],
    { userId: '690222be-ff1a-4d56-abd1-7e4f7d38e474', roles: ['Admin'] },
    'Admin',
  ],
  [
    'Keycloak',
    ['admin'],
    {
      userId: 'f3b5a1c2-7a3e-4f0e-9a53-0d1b7c1f9b11',
      roles: ['admin', 'offline_access', 'default-roles-shop'],
    },
    'manage-account',
  ],
  [
    'Okta',
    ['orders.read'],
    { userId: '00u1a2b3c4Example', roles: ['Everyone', 'admins'] },
    'admins',
  ],
];

describe('an access token as docs/sign-in.md shows it', () => {
  it('is there for each provider', () => {
    expect(guides.map(({ name }) => name)).toEqual(expected.map(([name]) => name));
  });

  it.each(expected)('by %s is accepted for %j by the scheme there', async (name, names, caller) => {
    const { claims } = guide(name);
    const { statusCode, body } = await send(guide(name), claims, names);
    expect(statusCode).toBe(200);
    expect(JSON.parse(body ?? '')).toMatchObject(caller);
  });

  it.each(expected)('by %s is not enough for more', async (name, _names, _caller, missing) => {
    const { statusCode } = await send(guide(name), guide(name).claims, [missing]);
    expect(statusCode).toBe(403);
  });

  it.each<[name: string, claims: object, note: string]>([
    [
      'Cognito',
      { token_use: 'id', client_id: undefined, aud: '1h57kf5cpq17m0eml12EXAMPLE' },
      'client_id',
    ],
    ['Cognito', { token_use: 'id' }, 'token_use'],
    ['Auth0', { iss: 'https://example.eu.auth0.com' }, 'iss'],
    ['Auth0', { aud: 'https://example.eu.auth0.com/userinfo' }, 'aud'],
    [
      'Entra ID',
      { iss: 'https://sts.windows.net/11111111-2222-3333-4444-555555555555/', ver: '1.0' },
      'iss',
    ],
    ['Keycloak', { aud: 'account' }, 'aud'],
    ['Okta', { iss: 'https://example.okta.com', aud: 'https://example.okta.com' }, 'iss'],
  ])('by %s is refused with %j', async (name, changes, note) => {
    const { claims } = guide(name);
    const response = await send(guide(name), { ...claims, ...changes }, []);
    expect(response.statusCode).toBe(401);
    expect(response.note).toContain(`the token's ${note}`);
  });
});
