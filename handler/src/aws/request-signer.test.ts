import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { Sha256 } from '../../testing/sha256.ts';
import { createRequestSigner } from './request-signer.ts';

const keys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
};

/** The signature of AWS's own client for the request that is sent. */
const signatureOfSdk = async (
  service: string,
  { method, path, host, body }: { method: string; path: string; host: string; body: string },
  nowMs: number,
): Promise<unknown> => {
  const signer = new SignatureV4({
    credentials: { accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey },
    region: 'eu-central-1',
    service,
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: true,
  });
  const [pathname = '', search = ''] = path.split('?');
  const query: Record<string, string[]> = {};
  for (const pair of search === '' ? [] : search.split('&')) {
    const [name = '', value = ''] = pair.split('=').map(decodeURIComponent);
    (query[name] ??= []).push(value);
  }
  const signed = await signer.sign(
    {
      method,
      protocol: 'https:',
      hostname: host,
      path: pathname,
      query,
      headers: { host, 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
      body,
    },
    { signingDate: new Date(nowMs) },
  );
  return signed.headers['authorization'];
};

const text = fc.string({ unit: 'grapheme', maxLength: 6 }).map((each) => each.toWellFormed());
const segment = text
  .filter((each) => !/^\.{0,2}$/.test(each))
  .map((each) =>
    encodeURIComponent(each).replace(/%(?:24|26|2B|2C|3A|3D|40)/g, decodeURIComponent),
  );
const pair = fc
  .tuple(
    text.filter((each) => each !== ''),
    text,
  )
  .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);

describe('the signature of a request', () => {
  it.each(['execute-api', 's3'])('is that of AWS’s own client, for %s', async (service) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'DELETE'),
        fc.array(segment, { maxLength: 3 }),
        fc.array(pair, { maxLength: 3 }),
        text,
        fc.integer({ min: 1_500_000_000_000, max: 2_000_000_000_000 }),
        async (method, segments, pairs, body, nowMs) => {
          const query = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
          const request = {
            method,
            path: `/${segments.join('/')}${query}`,
            host: 'a.example',
            body,
          };
          const sign = createRequestSigner({ service, region: 'eu-central-1' });
          const { path, headers } = sign(request, keys, nowMs);
          const expected = await signatureOfSdk(service, { ...request, path }, nowMs);
          expect(headers['authorization']).toBe(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is of the session token, if the credentials have one', () => {
    const sign = createRequestSigner({ service: 's3', region: 'eu-central-1' });
    const request = { method: 'GET', path: '/', host: 'a.example', body: undefined };
    const { headers } = sign(request, { ...keys, sessionToken: 'token' }, 0);
    expect(headers).toMatchObject({
      'x-amz-security-token': 'token',
      authorization: expect.stringContaining('x-amz-date;x-amz-security-token,'),
    });
  });

  it('is of the path and query that are sent, which have one spelling', () => {
    const sign = createRequestSigner({ service: 'execute-api', region: 'eu-central-1' });
    const request = { method: 'GET', path: '/a@b/%7e?q=a+b&%ff&c', host: 'a', body: undefined };
    expect(sign(request, keys, 0).path).toBe('/a%40b/~?q=a%20b&%25ff=&c=');
  });
});
