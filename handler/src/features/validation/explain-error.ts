import type { BodyViolation } from '../../http/gateway-error.ts';
import type { SchemaError } from './request-schema.ts';

/** The position of a value that violates its schema, as a JSON Pointer (RFC 6901), and what is valid there. */
export const explainError = (error: SchemaError): BodyViolation => {
  const { instancePath, keyword, params, message } = error;
  switch (keyword) {
    case 'required':
      return placed(`${instancePath}/${escape(params['missingProperty'])}`, 'is required');
    case 'additionalProperties':
      return placed(
        `${instancePath}/${escape(params['additionalProperty'])}`,
        'is not defined in the schema',
      );
    case 'unevaluatedProperties':
      return placed(
        `${instancePath}/${escape(params['unevaluatedProperty'])}`,
        'is not defined in the schema',
      );
    case 'false schema':
      return placed(instancePath, 'is not allowed');
    case 'type':
      return placed(instancePath, `must be ${[params['type']].flat().join(' or ')}`);
    case 'enum':
      return placed(instancePath, `must be one of ${list(params['allowedValues'])}`);
    case 'const':
      return placed(instancePath, `must be ${JSON.stringify(params['allowedValue'])}`);
    default:
      return placed(instancePath, message ?? 'does not match its schema');
  }
};

/** The errors that say where a value is wrong, without those that only report that other schemas failed. */
export const meantErrors = (errors: readonly SchemaError[]): readonly SchemaError[] => {
  const meant = errors.filter(({ keyword }) => !summaries.has(keyword));
  return meant.length > 0 ? meant : errors;
};

const summaries = new Set(['if', 'anyOf', 'oneOf']);

/** The client chooses the name of a property, so only a limited length of it is returned. */
const maxPointerLength = 256;

export const placed = (pointer: string, detail: string): BodyViolation => ({
  pointer: pointer.length > maxPointerLength ? `${pointer.slice(0, maxPointerLength)}…` : pointer,
  detail,
});

const escape = (name: unknown): string => String(name).replaceAll('~', '~0').replaceAll('/', '~1');

const list = (values: unknown): string =>
  [values]
    .flat()
    .map((value) => JSON.stringify(value))
    .join(', ');
