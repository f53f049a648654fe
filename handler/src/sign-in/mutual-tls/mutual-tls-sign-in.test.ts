import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { gatewayWith, nowMs, route } from '../../../testing/gateway-with.ts';
import { selfSignedCertificate } from '../../../testing/self-signed-certificate.ts';
import type { SignInMethod, SignInTools } from '../../parts.ts';
import { platformIdentity } from '../../pipeline/platform-identity.ts';
import { createMemoryCredentials } from '../../stores/credentials/memory-credentials.ts';
import { rememberCredentials } from '../../stores/credentials/remember-credentials.ts';
import { canonicalFingerprint, canonicalSubject } from './client-certificate.ts';
import {
  type CertificateConsumers,
  mutualTlsByContract,
  mutualTlsByStore,
} from './mutual-tls-sign-in.ts';

const acme = selfSignedCertificate({
  commonName: 'orders, Ltd',
  organization: 'Acme',
  uris: ['spiffe://acme.example/orders'],
}).cert;
const fingerprintOf = (pem: string): string =>
  canonicalFingerprint(new X509Certificate(pem).fingerprint256);

/** The real pipeline with one route for certificates, optionally with a scope. */
const gatewayFor = (method: SignInMethod, scopes: readonly string[] = []) => {
  const memory = createMemoryCredentials();
  const reads: string[] = [];
  const store = {
    ...memory,
    find: async (id: string, deadlineMs: number) => {
      reads.push(id);
      return memory.find(id, deadlineMs);
    },
  };
  const tools = {
    now: () => nowMs,
    credentials: rememberCredentials(store, { now: () => nowMs }),
  } as unknown as SignInTools;
  const reader = { variables: {}, misconfigurations: [], read: () => '' as never };
  const { gateway, lastNote } = gatewayWith({
    routes: [
      route('GET /orders', {
        access: {
          kind: 'signed-in',
          alternatives: [{ 'mutualTls:partners': scopes }],
          method: 'mutualTls:partners',
        },
      }),
    ],
    signIn: { 'mutualTls:partners': method(reader)(tools) },
    features: { platformIdentity },
    respond: async ({ caller }) => ({ statusCode: 200, headers: {}, body: JSON.stringify(caller) }),
  });
  const call = async (pem: string | undefined, headers: Record<string, string> = {}) => {
    const event = httpApiEvent('GET', '/orders', { headers });
    const authentication = pem === undefined ? undefined : { clientCert: { clientCertPem: pem } };
    const result = await gateway(
      { ...event, requestContext: { ...event.requestContext, authentication } },
      lambdaContext(),
    );
    const body = JSON.parse(result.body ?? '{}') as Record<string, unknown>;
    return { status: result.statusCode, body, note: lastNote() };
  };
  return { call, memory, reads };
};

const named = (key: string, scopes: readonly string[] = []): SignInMethod =>
  mutualTlsByContract({ [key]: { consumer: 'acme', scopes } } satisfies CertificateConsumers);

describe('a consumer that the contract names', () => {
  it.each([
    ['its subject, in any order', `subject:${canonicalSubject('O=Acme, CN=orders\\, Ltd')}`],
    ['an alternative name', 'san:URI:spiffe://acme.example/orders'],
    ['the fingerprint', `sha256:${fingerprintOf(acme)}`],
  ])('is the caller by %s', async (_, key) => {
    const { call } = gatewayFor(named(key, ['orders:read']), ['orders:read']);
    expect(await call(acme)).toMatchObject({
      status: 200,
      body: { userId: 'acme', consumer: 'acme', scopes: ['orders:read'] },
    });
  });

  it.each([
    ['a part of the subject', 'subject:CN=orders\\, Ltd'],
    ['an attribute that only ends alike', `subject:${canonicalSubject('O=Acme,CN=Ltd')}`],
    ['another alternative name', 'san:URI:spiffe://acme.example/order'],
    ['an alternative name of another kind', 'san:DNS:spiffe://acme.example/orders'],
    ['another fingerprint', `sha256:${'0'.repeat(64)}`],
    ['nothing but a name of every object', 'san:constructor'],
  ])('is not the caller by %s', async (_, key) => {
    expect(await gatewayFor(named(key)).call(acme)).toMatchObject({
      status: 401,
      body: { code: 'CREDENTIALS_INVALID' },
      note: 'the contract names no consumer with this certificate',
    });
  });

  it('needs the scopes of the route', async () => {
    const { call } = gatewayFor(named(`sha256:${fingerprintOf(acme)}`), ['orders:write']);
    expect(await call(acme)).toMatchObject({ status: 403, body: { code: 'ACCESS_DENIED' } });
  });
});

describe('a consumer in the credentials table', () => {
  const credential = (pem: string, expiresAtMs?: number) => ({
    id: `certificate/${fingerprintOf(pem)}`,
    consumer: 'acme',
    plan: 'partner',
    scopes: ['orders:read'],
    secretHash: undefined,
    expiresAtMs,
    lastUsedDayMs: undefined,
  });

  it('is the caller by the fingerprint, read once a minute', async () => {
    const { call, memory, reads } = gatewayFor(mutualTlsByStore);
    memory.put(credential(acme));
    for (let index = 0; index < 3; index += 1)
      expect(await call(acme)).toMatchObject({
        status: 200,
        body: { userId: 'acme', consumer: 'acme', plan: 'partner' },
      });
    expect(reads).toEqual([`certificate/${fingerprintOf(acme)}`]);
  });

  it('is unknown without an item, and refused after the item’s end', async () => {
    const { call, memory } = gatewayFor(mutualTlsByStore);
    expect(await call(acme)).toMatchObject({ status: 401, body: { code: 'CREDENTIALS_INVALID' } });
    const other = selfSignedCertificate().cert;
    memory.put(credential(other, nowMs));
    expect(await call(other)).toMatchObject({
      status: 401,
      body: { code: 'CREDENTIALS_EXPIRED' },
      note: 'the item has expired',
    });
  });
});

describe('a request', () => {
  const any = gatewayFor(mutualTlsByStore);

  it('without a certificate is refused, whatever its headers claim', async () => {
    const headers = {
      'x-amzn-mtls-clientcert': encodeURIComponent(acme),
      'x-client-cert': acme.replaceAll('\n', ''),
    };
    expect(await any.call(undefined, headers)).toMatchObject({
      status: 401,
      body: { code: 'CREDENTIALS_MISSING' },
      note: expect.stringContaining('API Gateway passes no certificate'),
    });
  });

  it.each([
    [
      'has expired',
      { notAfter: '261231235959Z' },
      'CREDENTIALS_EXPIRED',
      'the certificate has expired',
    ],
    [
      'begins later',
      { notBefore: '400101000000Z' },
      'CREDENTIALS_INVALID',
      'the certificate is not valid yet',
    ],
  ])(
    'with a certificate that %s is refused before it is looked up',
    async (_, times, code, note) => {
      const { call, reads } = gatewayFor(mutualTlsByStore);
      const { cert } = selfSignedCertificate(times);
      expect(await call(cert)).toMatchObject({ status: 401, body: { code }, note });
      expect(reads).toEqual([]);
    },
  );

  it('with something that is no certificate is refused', async () => {
    expect(
      await any.call('-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----'),
    ).toMatchObject({
      status: 401,
      body: { code: 'CREDENTIALS_INVALID' },
    });
  });
});
