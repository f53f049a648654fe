import { awsErrorOf, unavailable } from '../../aws/forward-to-aws.ts';
import type { TextTemplate } from '../../http/expression.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayRequest } from '../../http/request.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { headerOf } from '../../aws/aws-error.ts';
import type { TransportResponse } from '../../transport/attempt.ts';
import { isAllowedType } from './media-type.ts';
import { keyOf } from './object-key.ts';
import type { CallS3, ObjectCall } from './proxied-upstreams.ts';

export interface ProxiedUploadRule {
  readonly key: TextTemplate;
  /** Such as `image/png` and `image/*`, in lower case. */
  readonly types: readonly string[];
  /** Whether an object that exists under the key may be replaced. */
  readonly overwrites: boolean;
}

/** Writes the body as an object: 201 if it is certainly a new one, else 204, both with its ETag. */
export const proxyUpload =
  ({ key, types, overwrites }: ProxiedUploadRule): CallS3 =>
  (input) => {
    const { headers, body } = input.request;
    assertPlain(headers);
    const type = headers['content-type'];
    if (type === undefined || !isAllowedType(type.split(';', 1)[0]?.trim() ?? '', types))
      throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', {
        detail: `Send a body of one of these types: ${types.join(', ')}.`,
      });
    const isNew = !overwrites || headers['if-none-match'] !== undefined;
    const call = callS3({
      method: 'PUT',
      key: keyOf(key, input),
      headers: {
        ...kept(headers),
        'content-length': String(body?.length ?? 0),
        ...(isNew && { 'if-none-match': '*' }),
      },
      ...(body && { body }),
    });
    return {
      ...call,
      // If the response was lost, a second request would find the object of the first.
      ...(!isNew && { repeatable: { method: 'PUT', headers: [] } }),
      respond: (response): GatewayResponse => {
        const etag = headerOf(response, 'etag');
        return { statusCode: isNew ? 201 : 204, headers: etag === undefined ? {} : { etag } };
      },
      refusal: refusalOf,
    };
  };

const callS3 = (call: Pick<ObjectCall, 'method' | 'key' | 'headers' | 'body'>) => call;

/** What describes the body; the checksum is compared by S3, as is the SHA-256 that the signature contains. */
const kept = (headers: GatewayRequest['headers']): Record<string, string> =>
  Object.fromEntries(
    ['content-type', 'content-encoding', 'content-md5'].flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/** RFC 9110 §9.3.4 and §13.1: an upload must not be done as if these were not there. */
const assertPlain = (headers: GatewayRequest['headers']): void => {
  const { 'if-none-match': condition = '*' } = headers;
  const wrong = ['content-range', 'if-match', 'if-unmodified-since'].find(
    (name) => headers[name] !== undefined,
  );
  if (wrong === undefined && condition === '*' && Object.values(kept(headers)).every(isPlain))
    return;
  throw new GatewayError('BAD_REQUEST', {
    detail:
      'Send the whole object, with no condition but "If-None-Match: *", and Content-Type, Content-Encoding and Content-MD5 of ASCII characters.',
  });
};

const isPlain = (value: string): boolean => /^[\t -~]*$/.test(value);

/** Undefined: not a refusal of this object. */
const refusalOf = (response: TransportResponse): GatewayError | undefined => {
  const cause = awsErrorOf(response);
  switch (cause.code) {
    case 'PreconditionFailed':
      return new GatewayError('PRECONDITION_FAILED', { detail: 'The object exists.', cause });
    case 'ConditionalRequestConflict': // Another upload is under way.
    case 'OperationAborted':
      return unavailable(cause);
    case 'BadDigest':
    case 'InvalidDigest':
      return new GatewayError('BAD_REQUEST', {
        detail: 'Content-MD5 is not the checksum of the body: send the request again.',
        cause,
      });
    default:
      return undefined;
  }
};
