import { isAscii as holdsAsciiAlone, isUtf8 } from 'node:buffer';
import type { Subject } from '../../contract.ts';
import { type BodyViolation, GatewayError } from '../../http/gateway-error.ts';
import { chooseContent } from './choose-content.ts';
import { errorsOf, explainError } from './explain-error.ts';
import type { BodySchema, ContentSchema } from './request-schema.ts';

export const checkBody = (schema: BodySchema, subject: Subject): readonly BodyViolation[] => {
  const { body, headers } = subject;
  if (body === undefined || body.length === 0) {
    return schema.required && !isEmptyFile(schema, headers['content-type'])
      ? [whole('is required')]
      : [];
  }
  const { json, isAscii } = chooseContent(schema, headers['content-type']);
  if (json === undefined) return [];
  refuseEncoded(headers['content-encoding']);

  if (isAscii && !holdsAsciiAlone(body)) return [whole('is not US-ASCII')];
  const parsed = parseJson(body);
  if ('problem' in parsed) return [whole(parsed.problem)];
  const ambiguous = json.keys(body, parsed.value);
  if (ambiguous !== undefined) return [ambiguous];
  return violationsOf(json, body, parsed.value);
};

/** API Gateway does not say whether there is a body of no bytes or none. With a type, it may be an empty file. */
const isEmptyFile = (schema: BodySchema, type: string | undefined): boolean =>
  type !== undefined && chooseContent(schema, type).json === undefined;

const violationsOf = (
  { fits, explain, limit }: NonNullable<ContentSchema['json']>,
  body: Buffer,
  value: unknown,
): readonly BodyViolation[] => {
  const limited = <T>(work: () => T): T =>
    limit === undefined ? work() : limit(body.length, work);
  try {
    return limited(() => fits(value))
      ? []
      : limited(() => errorsOf(explain, value)).map(explainError);
  } catch (error) {
    // A schema that refers to itself is checked by recursion, and the client chooses the depth.
    if (error instanceof RangeError) return [whole('is nested too deeply')];
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
