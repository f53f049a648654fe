import { isAscii as holdsAsciiAlone, isUtf8 } from 'node:buffer';
import type { Subject } from '../../contract.ts';
import { type BodyViolation, GatewayError } from '../../http/gateway-error.ts';
import { chooseContent } from './choose-content.ts';
import { explainError, meantErrors } from './explain-error.ts';
import type { BodySchema, ContentSchema, SchemaCheck, SchemaError } from './request-schema.ts';

/**
 * The size of a form that a person fills in. For larger bodies only the first violation is reported: a list of a
 * million wrong items would create a million errors, and time grows with their square.
 */
const maxExplainedBytes = 16_384;

export const checkBody = (schema: BodySchema, subject: Subject): readonly BodyViolation[] => {
  const { body, headers } = subject;
  if (body === undefined || body.length === 0) {
    return schema.required ? [whole('is required')] : [];
  }
  const { json, isAscii } = chooseContent(schema, headers['content-type']);
  if (json === undefined) return [];
  refuseEncoded(headers['content-encoding']);

  if (isAscii && !holdsAsciiAlone(body)) return [whole('is not US-ASCII')];
  const parsed = parseJson(body);
  if ('problem' in parsed) return [whole(parsed.problem)];
  const ambiguous = json.keys(body, parsed.value);
  if (ambiguous !== undefined) return [ambiguous];
  const fits = errorsOf(json, json.fits, body, parsed.value);
  if (fits === 'too deep') return [whole('is nested too deeply')];
  if (fits.length === 0 || body.length > maxExplainedBytes) return fits.map(explainError);
  const all = errorsOf(json, json.explain, body, parsed.value);
  return (all === 'too deep' ? fits : all).map(explainError);
};

const errorsOf = (
  { limit }: NonNullable<ContentSchema['json']>,
  check: SchemaCheck,
  body: Buffer,
  value: unknown,
): readonly SchemaError[] | 'too deep' => {
  try {
    const isFitting = limit === undefined ? check(value) : limit(body.length, () => check(value));
    return isFitting ? [] : meantErrors(check.errors ?? []);
  } catch (error) {
    // A schema that refers to itself is checked by recursion, and the client chooses the depth.
    if (error instanceof RangeError) return 'too deep';
    throw error;
  }
};

const refuseEncoded = (encoding: string | undefined): void => {
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return;
  throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', {
    detail: 'Send the body without Content-Encoding.',
    headers: { 'accept-encoding': 'identity' },
  });
};

const parseJson = (body: Buffer): { value: unknown } | { problem: string } => {
  if (!isUtf8(body)) return { problem: 'is not valid UTF-8' };
  try {
    return { value: JSON.parse(body.toString('utf8')) as unknown };
  } catch (error) {
    const position = /at position \d+/.exec(String(error))?.[0];
    return {
      problem: position === undefined ? 'is not valid JSON' : `is not valid JSON ${position}`,
    };
  }
};

const whole = (detail: string): BodyViolation => ({ pointer: '', detail });
