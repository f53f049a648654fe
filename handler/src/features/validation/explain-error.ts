import type { BodyViolation } from '../../http/gateway-error.ts';
import type { SchemaCheck, SchemaError } from './request-schema.ts';

/** The position of a value that violates its schema, as a JSON Pointer (RFC 6901), and what is valid there. */
export const explainError = (error: SchemaError): BodyViolation => {
  const { instancePath, keyword, params } = error;
  const given = (name: string): string => String(params[name]);
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
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return placed(instancePath, `must be ${given('comparison')} ${given('limit')}`);
    case 'pattern':
    case 'format':
      return placed(instancePath, `must match ${keyword} "${given(keyword)}"`);
    case 'multipleOf':
      return placed(instancePath, `must be multiple of ${given('multipleOf')}`);
    case 'contains':
      return placed(
        instancePath,
        `must contain at least ${given('minContains')}${params['maxContains'] === undefined ? '' : ` and no more than ${given('maxContains')}`} valid item(s)`,
      );
    case 'dependentRequired':
      return placed(
        `${instancePath}/${escape(params['missingProperty'])}`,
        `is required if ${given('property')} is present`,
      );
    default:
      return placed(instancePath, limited(keyword, params) ?? others[keyword] ?? 'is not valid');
  }
};

const limited = (keyword: string, { limit }: { readonly limit?: number }): string | undefined => {
  const counted = /^(min|max)(.+)$/.exec(keyword);
  const of = counted?.[2]?.replace('Length', 'characters').toLowerCase() ?? 'items';
  return limit === undefined
    ? undefined
    : `must NOT have ${counted?.[1] === 'min' ? 'fewer' : 'more'} than ${limit} ${of}`;
};

const others: Readonly<Record<string, string>> = {
  depth: 'is nested too deeply',
  uniqueItems: 'must NOT have duplicate items',
  not: 'must NOT be valid',
  readOnly: 'is read-only: leave it out',
  propertyNames: 'property name must be valid',
  anyOf: 'must match a schema in anyOf',
  oneOf: 'must match exactly one schema in oneOf',
};

/** The errors that say where a value is wrong, without those that only report that other schemas failed. */
export const errorsOf = (explain: SchemaCheck, value: unknown): readonly SchemaError[] => {
  if (explain(value)) return [];
  const errors = (explain.errors ?? []).filter((error) => error !== undefined);
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

/** What is wrong with the value of a parameter. */
export const detailOf = (explain: SchemaCheck, value: unknown): string =>
  firstDetail(errorsOf(explain, value)) ?? 'does not match its schema';

/** Undefined if there are no errors. */
export const firstDetail = ([error]: readonly SchemaError[]): string | undefined => {
  if (error === undefined) return undefined;
  const item = /^\/(\d+)/.exec(error.instancePath)?.[1];
  const { detail } = explainError(error);
  return item === undefined ? detail : `item ${Number(item) + 1} ${detail}`;
};
