import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { anyCharacter } from '../../testing/any-character.ts';
import { Sha256 } from '../../testing/sha256.ts';
import { type AwsCredentials, createSigner, type Headers } from './signature-v4.ts';

const keys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
};
const scope = { region: 'us-east-1', service: 'service' };
const host = 'example.amazonaws.com';
const form = 'application/x-www-form-urlencoded';
const stsToken =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeo' +
  'IYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5V' +
  'SXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yj' +
  'c8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

/** The time of the suite's requests. */
const suiteMs = Date.parse('2015-08-30T12:36:00Z');

describe('the signature', () => {
  it.each([
    [
      'post-vanilla',
      { host },
      '',
      keys,
      'host;x-amz-date',
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'post-sts-header-before',
      { host },
      '',
      { ...keys, sessionToken: stsToken },
      'host;x-amz-date;x-amz-security-token',
      '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    ],
    [
      'post-x-www-form-urlencoded',
      { host, 'content-type': form },
      'Param1=value1',
      keys,
      'content-type;host;x-amz-date',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
    [
      'post-x-www-form-urlencoded-parameters',
      { host, 'content-type': `${form}; charset=utf8` },
      'Param1=value1',
      keys,
      'content-type;host;x-amz-date',
      '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe',
    ],
  ])('equals that of AWS’s test suite: %s', (_, headers, body, credentials, signed, signature) => {
    const { authorization } = createSigner(scope)(headers, body, credentials, suiteMs);
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
        `SignedHeaders=${signed}, Signature=${signature}`,
    );
  });

  it('equals that of @smithy/signature-v4 for any request, time and key', async () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    const secret = fc.stringMatching(/^[A-Za-z0-9/+=]{1,60}$/);
    const value = fc
      .stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/)
      .map((text) => text.replace(/ +/g, ' '));
    const headerName = fc.stringMatching(/^[a-z0-9-]{1,20}$/).map((name) => `x-${name}`);
    const credentials = fc.record({
      accessKeyId: secret,
      secretAccessKey: secret,
      sessionToken: fc.option(secret, { nil: undefined }),
    });
    const moment = fc.integer({ min: 0, max: Date.parse('2099-12-31T23:59:59Z') });
    const sign = new Map<string, ReturnType<typeof createSigner>>();
    await fc.assert(
      fc.asyncProperty(
        fc.record({ region: word, service: word }),
        fc.dictionary(headerName, value, { maxKeys: 5 }),
        fc.string({ unit: anyCharacter, maxLength: 200 }),
        credentials,
        moment,
        async (where, extra, body, who, nowMs) => {
          const headers = { ...extra, host };
          const id = `${where.region}/${where.service}`;
          const signer = sign.get(id) ?? createSigner(where);
          sign.set(id, signer);
          const ours = signer(headers, body, who, nowMs);
          expect(ours).toEqual(await smithy(where, headers, body, who, nowMs));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('changes when the day or the key changes', async () => {
    const sign = createSigner(scope);
    const others = { ...keys, secretAccessKey: 'another' };
    const at = (day: number): number => suiteMs + day * 86_400_000;
    for (const [who, nowMs] of [
      [keys, at(0)],
      [keys, at(1)],
      [others, at(1)],
      [keys, at(1)],
      [keys, at(0)],
    ] as const) {
      expect(sign({ host }, '{}', who, nowMs)).toEqual(
        await smithy(scope, { host }, '{}', who, nowMs),
      );
    }
  });
});

const smithy = async (
  where: { region: string; service: string },
  headers: Headers,
  body: string,
  { sessionToken, ...credentials }: AwsCredentials,
  nowMs: number,
): Promise<Headers> => {
  const signer = new SignatureV4({
    ...where,
    credentials: { ...credentials, ...(sessionToken !== undefined && { sessionToken }) },
    sha256: Sha256,
    applyChecksum: false,
  });
  const request = {
    method: 'POST',
    protocol: 'https:',
    hostname: host,
    path: '/',
    query: {},
    headers,
    body,
  };
  const signed = await signer.sign(request, { signingDate: new Date(nowMs) });
  return signed.headers;
};
