import { awsErrorOf } from '../../aws/forward-to-aws.ts';
import type { TextTemplate } from '../../http/expression.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { responseFromUpstream } from '../../http/response-from-upstream.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { failed, type TransportResponse } from '../../transport/attempt.ts';
import { errorOf } from '../../transport/upstream-error.ts';
import { keyOf } from './object-key.ts';
import type { CallS3, ObjectCall } from './proxied-upstreams.ts';

/** Responds with an object itself, or the part of it that the client wants. HEAD is a HEAD to S3. */
export const proxyDownload =
  (key: TextTemplate): CallS3 =>
  (input, limits) => {
    const { request } = input;
    const respond = (response: TransportResponse): GatewayResponse => {
      const mapped = responseFromUpstream(ofObject(response), request.method, false);
      if (!limits.accepts(mapped)) throw errorOf(failed('response-too-large'));
      return mapped;
    };
    const call = callS3({
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      key: keyOf(key, input),
      headers: selectionOf(request.headers),
    });
    return {
      ...call,
      respond,
      refusal: (response) =>
        response.statusCode === 304 ? respond(response) : refusalOf(response),
    };
  };

const callS3 = (call: Pick<ObjectCall, 'method' | 'key' | 'headers'>) => ({
  ...call,
  repeatable: { method: call.method, headers: [] },
});

/** S3 takes no If-Range. Without the range, the response is the whole object, which is always right (RFC 9110 §14.2). */
const selectionOf = (headers: Readonly<Record<string, string>>): Record<string, string> => {
  const names = headers['if-range'] === undefined ? [...conditions, 'range'] : conditions;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return value !== undefined && plain.test(value) ? [[name, value] as const] : [];
    }),
  );
};

const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

const plain = /^[\t -~]*$/;

/** Without what S3 says of itself, such as the ARN of the key that encrypts the object. */
const ofObject = (response: TransportResponse): TransportResponse => ({
  ...response,
  rawHeaders: response.rawHeaders.filter((_, index) =>
    shown.has(response.rawHeaders[index - (index % 2)]?.toLowerCase() ?? ''),
  ),
});

const shown: ReadonlySet<string> = new Set([
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'expires',
  'last-modified',
]);

/** Undefined: not a refusal of this object. */
const refusalOf = (response: TransportResponse): GatewayError | undefined => {
  const cause = awsErrorOf(response);
  switch (cause.code) {
    case 'NoSuchKey':
    case 'HTTP_404': // HEAD has no body.
      return new GatewayError('OBJECT_NOT_FOUND', { detail: 'Check the address.', cause });
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: of a role that may not list the bucket.
    case 'AccessDenied':
    case 'HTTP_403':
      return new GatewayError('OBJECT_NOT_FOUND', {
        detail: 'Check the address.',
        note: 'S3 denied access: the object does not exist, or the role may not read it',
        cause,
      });
    case 'PreconditionFailed':
    case 'HTTP_412':
      return new GatewayError('PRECONDITION_FAILED', {
        detail: 'The object has changed: request it without the condition.',
        cause,
      });
    case 'InvalidRange':
    case 'HTTP_416':
      return new GatewayError('RANGE_NOT_SATISFIABLE', {
        detail: 'Request a range that begins within the object.',
        cause,
      });
    default:
      return undefined;
  }
};
