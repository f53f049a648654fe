import { createHmac, hash } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

export interface SigningScope {
  readonly region: string;
  /** As AWS names it in signatures, such as `dynamodb` or `secretsmanager`. */
  readonly service: string;
}

/** Lower-case names, values without spaces around them. */
export type Headers = Readonly<Record<string, string>>;

/** The given headers and those of the signature. */
export type Sign = (
  headers: Headers,
  body: string,
  credentials: AwsCredentials,
  nowMs: number,
) => Headers;

const algorithm = 'AWS4-HMAC-SHA256';

/**
 * Signs POST requests without a query by AWS Signature Version 4. AWS's JSON protocols have no other request. The key of
 * a day is derived once: a call costs two hashes and one HMAC.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @param canonicalPath the path with each segment encoded once more: what is `%3A` in the request line is `%253A`.
 */
export const createSigner = ({ region, service }: SigningScope, canonicalPath = '/'): Sign => {
  let key: { readonly secret: string; readonly day: string; readonly bytes: Buffer } | undefined;

  const keyFor = (secret: string, day: string): Buffer => {
    if (key?.secret !== secret || key.day !== day) {
      const scoped = [day, region, service, 'aws4_request'];
      const bytes = scoped.reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
      key = { secret, day, bytes };
    }
    return key.bytes;
  };

  let second = { ordinal: Number.NaN, text: '' };
  const timeOf = (nowMs: number): string => {
    const ordinal = Math.floor(nowMs / 1000);
    if (second.ordinal !== ordinal) second = { ordinal, text: amzTime(nowMs) };
    return second.text;
  };

  return (unsigned, body, { accessKeyId, secretAccessKey, sessionToken }, nowMs) => {
    const time = timeOf(nowMs);
    const day = time.slice(0, 8);
    const headers: Record<string, string> = { ...unsigned, 'x-amz-date': time };
    if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;

    const names = Object.keys(headers).sort();
    const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
    const signedNames = names.join(';');
    const request = `POST\n${canonicalPath}\n\n${lines}\n${signedNames}\n${hash('sha256', body)}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const toSign = `${algorithm}\n${time}\n${scope}\n${hash('sha256', request)}`;
    const signature = hmac(keyFor(secretAccessKey, day), toSign).toString('hex');

    headers['authorization'] =
      `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`;
    return headers;
  };
};

export const hmac = (key: Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** ISO 8601's basic format, such as `20150830T123600Z`. */
export const amzTime = (epochMs: number): string =>
  new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
