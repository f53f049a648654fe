import { assertSize } from '../../aws/forward-to-aws.ts';
import {
  type ExpressionSources,
  textOf,
  type TextTemplate,
  unchanged,
} from '../../http/expression.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { isAllowedType } from './media-type.ts';
import { keyOf } from './object-key.ts';
import type { RespondWithUrl } from './s3-upstreams.ts';

export interface UploadRule {
  readonly key: TextTemplate;
  readonly expiresSeconds: number;
  readonly type: TextTemplate;
  /** Such as `image/png` and `image/*`, in lower case. */
  readonly types: readonly string[];
  /** In bytes. */
  readonly size: TextTemplate;
  readonly maxBytes: number;
  /** Whether an object that exists under the key may be replaced. */
  readonly overwrites: boolean;
}

/**
 * Responds with a URL by which the caller can put one object of one type and one size. S3 refuses the upload if a header
 * differs from those in the response: they are part of the signature.
 */
export const upload =
  (rule: UploadRule): RespondWithUrl =>
  (input, presign) => {
    const headers = {
      'content-length': String(sizeOf(rule, input)),
      'content-type': typeOf(rule, input),
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
      ...(!rule.overwrites && { 'if-none-match': '*' }),
    };
    const { url, expiresAt } = presign({
      method: 'PUT',
      key: keyOf(rule.key, input),
      headers,
      expiresSeconds: rule.expiresSeconds,
    });
    return {
      statusCode: 200,
      headers: { 'cache-control': 'no-store', 'content-type': 'application/json' },
      body: JSON.stringify({ url, method: 'PUT', headers, expires_at: expiresAt }),
    };
  };

const sizeOf = ({ size, maxBytes }: UploadRule, sources: ExpressionSources): number => {
  const text = textOf(size, sources, unchanged);
  if (text === undefined || !/^\d{1,15}$/.test(text))
    throw new GatewayError('BAD_REQUEST', {
      detail: 'Send the size of the object: a whole number of bytes.',
    });
  const bytes = Number(text);
  assertSize(bytes, maxBytes, 'the object');
  return bytes;
};

const typeOf = ({ type, types }: UploadRule, sources: ExpressionSources): string => {
  const text = textOf(type, sources, unchanged)?.toLowerCase();
  if (text === undefined || !isAllowedType(text, types))
    throw new GatewayError('BAD_REQUEST', {
      detail: `Send the media type of the object, one of: ${types.join(', ')}.`,
    });
  return text;
};
