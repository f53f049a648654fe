import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCharacter } from '../../../testing/any-character.ts';
import { queryOfAws } from '../../../testing/presigned-by-aws.ts';
import { isObjectKey } from './object-key.ts';
import { presignUrl } from './presign.ts';

const key = fc
  .array(fc.string({ unit: anyCharacter, minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((segments) => segments.join('/'))
  .filter(isObjectKey);
const secret = fc.stringMatching(/^[A-Za-z0-9/+=]{1,60}$/);
const headers = fc.record(
  {
    'content-type': fc.constantFrom('text/csv', 'image/svg+xml'),
    'content-length': fc.nat().map(String),
    'if-none-match': fc.constant('*'),
  },
  { requiredKeys: [] },
);
const base = fc.constantFrom(
  'https://files.s3.eu-central-1.amazonaws.com/',
  'https://s3.eu-central-1.amazonaws.com/acme.files/',
  'http://127.0.0.1:4566/files/',
);

describe('a presigned URL', () => {
  it('is that of AWS’s own client for any key, headers, credentials and time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          method: fc.constantFrom('GET', 'HEAD', 'PUT'),
          base: base.map((text) => new URL(text)),
          key,
          headers,
          expiresSeconds: fc.integer({ min: 1, max: 604_800 }),
        }),
        fc.record({
          accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
          secretAccessKey: secret,
          sessionToken: fc.option(secret, { nil: undefined }),
        }),
        fc.integer({ min: 0, max: Date.parse('2099-12-31T23:59:59Z') }),
        async (request, credentials, nowMs) => {
          const url = new URL(presignUrl(request, 'eu-central-1', credentials, nowMs));
          expect(Object.fromEntries(url.searchParams)).toEqual(
            await queryOfAws(url, request, credentials),
          );
          expect(decodeURIComponent(url.pathname)).toBe(request.base.pathname + request.key);
          expect(url.searchParams.get('X-Amz-Expires')).toBe(String(request.expiresSeconds));
          expect(url.searchParams.get('X-Amz-Date')).toBe(
            new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, ''),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is that of the example in AWS’s documentation', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    const url = presignUrl(
      {
        method: 'GET',
        base: new URL('https://examplebucket.s3.amazonaws.com/'),
        key: 'test.txt',
        headers: {},
        expiresSeconds: 86_400,
      },
      'us-east-1',
      {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        sessionToken: undefined,
      },
      Date.parse('2013-05-24T00:00:00Z'),
    );
    expect(url).toBe(
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });
});
