import {
  type Expression,
  type ExpressionSources,
  textOf,
  type TextTemplate,
} from '../../http/expression.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import { unsafeSegment } from '../../http/upstream-path.ts';

/** The key of the object that a request is about. 400 if a value is missing, or could lead elsewhere. */
export const keyOf = (template: TextTemplate, sources: ExpressionSources): string => {
  const key = textOf(template, sources, inKey);
  if (key === undefined || !isObjectKey(key)) throw invalidKey();
  return key;
};

/**
 * Whether a key means the same to S3 and to everything else that reads it: it has no empty segment and no dot segment, no
 * control character, no backslash and nothing that can be decoded once more.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export const isObjectKey = (key: string): boolean =>
  key.isWellFormed() &&
  Buffer.byteLength(key) <= maxKeyBytes &&
  !/%[\dA-Fa-f]{2}|\p{Cc}/u.test(key) &&
  key.split('/').every((segment) => segment !== '' && !unsafeSegment.test(segment));

const maxKeyBytes = 1024;

/** Only a path has slashes of its own: a name in a body would choose the folder as well. */
const inKey = (value: string, [from]: Expression): string => {
  if (value === '' || (from !== 'path' && value.includes('/'))) throw invalidKey();
  return value;
};

const invalidKey = (): GatewayError =>
  new GatewayError('BAD_REQUEST', {
    detail:
      'Send every value that the name of the object is made of, without dot segments, empty segments, backslashes, control characters and percent-encodings.',
  });
