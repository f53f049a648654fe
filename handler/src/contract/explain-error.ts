import type { Violation } from '../http/gateway-error.ts';
import type { SchemaError } from './request-schema.ts';

/** Where a value breaks its schema, as a JSON Pointer (RFC 6901), and what would fit there. */
export const explainError = (error: SchemaError): Pick<Violation, 'at' | 'message'> => {
  const { instancePath, keyword, params, message } = error;
  switch (keyword) {
    case 'required':
      return at(`${instancePath}/${escape(params['missingProperty'])}`, 'is required');
    case 'additionalProperties':
      return at(`${instancePath}/${escape(params['additionalProperty'])}`, 'is not known here');
    case 'unevaluatedProperties':
      return at(`${instancePath}/${escape(params['unevaluatedProperty'])}`, 'is not known here');
    case 'false schema':
      return at(instancePath, 'is not allowed here');
    case 'type':
      return at(instancePath, `must be ${[params['type']].flat().join(' or ')}`);
    case 'enum':
      return at(instancePath, `must be one of ${list(params['allowedValues'])}`);
    case 'const':
      return at(instancePath, `must be ${JSON.stringify(params['allowedValue'])}`);
    default:
      return at(instancePath, message ?? 'does not fit its schema');
  }
};

/** A property's name is the client's to choose; it is not sent back at any length. */
const maxPointerLength = 256;

const at = (pointer: string, message: string): Pick<Violation, 'at' | 'message'> => ({
  at: pointer.length > maxPointerLength ? `${pointer.slice(0, maxPointerLength)}…` : pointer,
  message,
});

const escape = (name: unknown): string => String(name).replaceAll('~', '~0').replaceAll('/', '~1');

const list = (values: unknown): string =>
  [values]
    .flat()
    .map((value) => JSON.stringify(value))
    .join(', ');
