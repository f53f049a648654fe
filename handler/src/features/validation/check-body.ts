import type { Subject } from '../../contract.ts';
import type { BodyViolation } from '../../http/gateway-error.ts';
import { chooseContent } from './choose-content.ts';
import type { BodySchema } from './request-schema.ts';

export const checkBody = (
  schema: BodySchema,
  { body = nothing, headers }: Subject,
): readonly BodyViolation[] => {
  const type = headers['content-type'];
  // API Gateway does not say whether there is a body of no bytes or none. With a type, it may be an empty file or form.
  if (body.length === 0 && (!schema.required || type === undefined)) {
    return schema.required ? [whole('is required')] : [];
  }
  const { check, ...media } = chooseContent(schema, type);
  return check?.(body, { ...media, encoding: headers['content-encoding'] }) ?? [];
};

const nothing = Buffer.alloc(0);

/** A violation that is about the body as a whole. */
export const whole = (detail: string): BodyViolation => ({ pointer: '', detail });
