import { hash } from 'node:crypto';
import {
  amzTime,
  type AwsCredentials,
  type Headers,
  hmac,
  type SigningScope,
} from './signature-v4.ts';

export interface SignableRequest {
  readonly method: string;
  /** With the query, as in the request line. */
  readonly path: string;
  readonly host: string;
  readonly body: Buffer | string | undefined;
}

export interface SignedRequest {
  /** The same path and query, in the one spelling that the signature is of. */
  readonly path: string;
  /** Of the signature: to be sent in addition. */
  readonly headers: Headers;
}

/**
 * Signs any request by AWS Signature Version 4; `createSigner` is for the JSON protocols of AWS, which need less. The
 * signature is of `host`, the time, the body and the path: other headers may change on the way.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const createRequestSigner = ({ region, service }: SigningScope) => {
  return (
    { method, path, host, body }: SignableRequest,
    { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
    nowMs: number,
  ): SignedRequest => {
    const time = amzTime(nowMs);
    const day = time.slice(0, 8);
    const bodyHash = hash('sha256', body ?? '');
    const { sent, canonicalPath, canonicalQuery } = spell(path, service === 's3');
    const added = {
      'x-amz-content-sha256': bodyHash,
      'x-amz-date': time,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const signed: Headers = { host, ...added };
    const names = Object.keys(signed).join(';');
    const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
    const request = [method, canonicalPath, canonicalQuery, lines.join(''), names, bodyHash];
    const scope = `${day}/${region}/${service}/aws4_request`;
    const signature = signatureOf(request.join('\n'), { time, scope, secretAccessKey });
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return { path: sent, headers: { ...added, authorization } };
  };
};

interface Within {
  readonly time: string;
  /** `<day>/<region>/<service>/aws4_request` */
  readonly scope: string;
  readonly secretAccessKey: string;
}

/** Of a canonical request. */
export const signatureOf = (request: string, { time, scope, secretAccessKey }: Within): string => {
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', request)}`;
  const key = scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  return hmac(key, toSign).toString('hex');
};

/** Everything but the unreserved characters of RFC 3986 is encoded, as AWS does: one spelling, and no doubt about `+`. */
const spell = (target: string, isS3: boolean) => {
  const [path = '', ...rest] = target.split('?');
  const sentPath = path.split('/').map(respelled).join('/');
  const pairs = rest
    .join('?')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.replaceAll('+', '%20').split('=');
      return [respelled(name), respelled(value.join('='))] as const;
    });
  const query = pairs.map((pair) => pair.join('='));
  return {
    sent: query.length === 0 ? sentPath : `${sentPath}?${query.join('&')}`,
    // Every service but S3 encodes the path once more.
    canonicalPath: isS3 ? sentPath : sentPath.replaceAll('%', '%25'),
    canonicalQuery: pairs
      .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
      .map((pair) => pair.join('='))
      .join('&'),
  };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const respelled = (text: string): string => encodeUri(decode(text));

export const encodeUri = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
