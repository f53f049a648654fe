import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { nowMs } from '../../testing/gateway-with.ts';
import { jwtGatewayWith } from '../../testing/jwt-gateway.ts';
import {
  type LocalProvider,
  respondJson,
  startLocalProvider,
} from '../../testing/local-provider.ts';
import { selfSignedCertificate } from '../../testing/self-signed-certificate.ts';
import {
  accessToken,
  createIssuerKey,
  type IssuerKey,
  keySetOf,
} from '../../testing/token-issuer.ts';

let key: IssuerKey;
let provider: LocalProvider | undefined;
beforeAll(async () => {
  key = await createIssuerKey('RS256', 'k1');
});
afterEach(async () => {
  await provider?.stop();
  provider = undefined;
});

/** The outcome of a request with a genuine token, where the provider responds so. */
const requestWith = async (
  respond: (url: string) => Readonly<Record<string, ReturnType<typeof respondJson>>>,
  policy: (url: string) => object = () => ({}),
) => {
  const started = await startLocalProvider((request, response) => {
    const responder = respond(started.url)[request.url ?? ''];
    if (responder === undefined) response.writeHead(404).end();
    else responder(request, response);
  });
  provider = started;
  const { url } = started;
  const world = jwtGatewayWith({ policies: [{ issuer: url, ...policy(url) }], now: Date.now });
  const token = await accessToken(key, Date.now(), { claims: { iss: url } });
  const { statusCode, problem } = await world.get(token);
  const failure = world.lines.find(({ level }) => level === 'error');
  const { reason, error } = (failure ?? {}) as { reason?: string; error?: { code?: string } };
  return {
    statusCode,
    code: problem['code'],
    reason,
    errorCode: error?.code,
    paths: started.paths,
  };
};

const wellKnown = '/.well-known/openid-configuration';
const description = (url: string, changes: object = {}) =>
  respondJson({ issuer: url, jwks_uri: `${url}/jwks`, ...changes });
const keys = () => respondJson(keySetOf(key));

describe('the keys of a provider', () => {
  it('are found by its description', async () => {
    const { statusCode, paths } = await requestWith((url) => ({
      [wellKnown]: description(url),
      '/jwks': keys(),
    }));
    expect(statusCode).toBe(200);
    expect(paths).toEqual([wellKnown, '/jwks']);
  });

  it('are found at jwksUri without its description, query included', async () => {
    const { statusCode, paths } = await requestWith(
      () => ({ '/certs?v=1': keys() }),
      (url) => ({ jwksUri: `${url}/certs?v=1` }),
    );
    expect(statusCode).toBe(200);
    expect(paths).toEqual(['/certs?v=1']);
  });

  it("are found by the description at the scheme's openIdConnectUrl", async () => {
    const { statusCode } = await requestWith(
      (url) => ({ '/b2c/described': description(url), '/jwks': keys() }),
      (url) => ({ discoveryUrl: `${url}/b2c/described` }),
    );
    expect(statusCode).toBe(200);
  });

  it('are accepted as application/jwk-set+json, and if there are 500', async () => {
    const many = JSON.stringify({
      keys: Array.from({ length: 500 }, (_, index) =>
        index === 499 ? key.jwk : { ...key.jwk, kid: `k-${index}` },
      ),
    });
    const { statusCode } = await requestWith((url) => ({
      [wellKnown]: description(url),
      '/jwks': (_, response) => {
        response.setHeader('content-type', 'application/jwk-set+json; charset=utf-8');
        response.end(many);
      },
    }));
    expect(statusCode).toBe(200);
  });
});

describe('a provider is not used, and the log says why,', () => {
  const unavailable = { statusCode: 503, code: 'SIGNING_KEY_UNAVAILABLE' };

  it.each<[what: string, changes: object, reason: string]>([
    [
      'names another issuer',
      { issuer: 'https://evil.example' },
      "The provider's description names another issuer than the contract",
    ],
    [
      'names no issuer',
      { issuer: undefined },
      "The provider's description names another issuer than the contract",
    ],
    [
      'has no jwks_uri',
      { jwks_uri: undefined },
      "The jwks_uri in the provider's description is not an https URL",
    ],
    [
      'has a jwks_uri that is a file',
      { jwks_uri: 'file:///etc/passwd' },
      "The jwks_uri in the provider's description is not an https URL",
    ],
  ])('if its description %s', async (_, changes, reason) => {
    const outcome = await requestWith((url) => ({
      [wellKnown]: description(url, changes),
      '/jwks': keys(),
    }));
    expect(outcome).toMatchObject({ ...unavailable, reason });
  });

  it.each<
    [
      what: string,
      respond: ReturnType<typeof respondJson>,
      reason: string,
      code: string | undefined,
    ]
  >([
    [
      'redirects',
      (_, response) => void response.writeHead(302, { location: '/keys' }).end(),
      'The provider responded with a redirect, which is not followed',
      'STATUS_302',
    ],
    [
      'responds 500',
      (_, response) => void response.writeHead(500).end(),
      'The provider responded with another status than 200',
      'STATUS_500',
    ],
    [
      'responds with HTML',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      "The provider's response is not application/json",
      'CONTENT_TYPE',
    ],
    [
      'responds with 5 MB',
      respondJson(JSON.stringify({ keys: [], padding: 'x'.repeat(5_000_000) })),
      'The provider responded with more than 1 MiB',
      'RESPONSE_TOO_LARGE',
    ],
    ['responds with broken JSON', respondJson('{"keys":['), 'The response is not JSON', undefined],
    ['responds with a list', respondJson('[]'), 'The response is not a JSON object', undefined],
    ['responds without keys', respondJson('{}'), 'The JWK set has no list of keys', undefined],
    [
      'publishes 501 keys',
      respondJson({ keys: Array.from({ length: 501 }, () => ({})) }),
      'The JWK set has more than 500 keys',
      undefined,
    ],
    [
      'publishes only keys for encryption',
      respondJson({ keys: [{ kty: 'RSA', use: 'enc', n: 'AQAB', e: 'AQAB' }] }),
      'The JWK set has no key that verifies signatures',
      undefined,
    ],
    [
      'closes the connection',
      (request) => void request.socket.destroy(),
      'The provider closed the connection without a response',
      'NO_RESPONSE',
    ],
  ])('if it %s', async (_, respond, reason, errorCode) => {
    const outcome = await requestWith((url) => ({
      [wellKnown]: description(url),
      '/jwks': respond,
      '/keys': keys(),
    }));
    expect(outcome).toMatchObject({ ...unavailable, reason });
    if (errorCode !== undefined) expect(outcome.errorCode).toBe(errorCode);
    expect(outcome.paths).not.toContain('/keys');
  });

  it('if its certificate is not valid', async () => {
    const server = createTlsServer(selfSignedCertificate(), keys());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const issuer = `https://localhost:${port}`;
    try {
      const world = jwtGatewayWith({ policies: [{ issuer, jwksUri: `${issuer}/jwks` }] });
      const { statusCode } = await world.get(
        await accessToken(key, nowMs, { claims: { iss: issuer } }),
      );
      expect(statusCode).toBe(503);
      expect(world.lines.find(({ level }) => level === 'error')).toMatchObject({
        message: 'the keys of the token issuer cannot be read',
        scheme: 'oauth',
        reason: 'The provider cannot be reached, or its certificate is not valid',
        error: { cause: { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } } },
      });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
