import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Path } from './problem.ts';
import { nearest, suggestion } from './nearest.ts';

export interface Misfit {
  readonly path: Path;
  readonly message: string;
  readonly at: 'key' | 'value';
}

/** Describes an error of ajv in terms of the contract. */
export const describeMisfit = (error: ErrorObject): Misfit => {
  const path = pathOf(error.instancePath);
  const params = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const key = String(params['additionalProperty']);
    const replacement = renamedIn(error)[key];
    const own = [...path, key];
    if (replacement !== undefined)
      return { path: own, message: `"${key}" is now ${replacement}`, at: 'key' };
    const isOwn = own.includes('x-postern');
    const meant = isOwn ? undefined : misspeltIn(error);
    const hint = isOwn
      ? suggestion(key, keysOf(error))
      : meant === undefined
        ? ' — OpenAPI has none of this name here, and it has no effect'
        : ` — did you mean "${meant}"?`;
    return { path: own, message: `unknown key "${key}"${hint}`, at: 'key' };
  }
  if (error.keyword === 'required') {
    const key = String(params['missingProperty']);
    return { path, message: `"${key}" is missing${example(key, error)}`, at: 'key' };
  }
  // The name of a property has no path of its own; ajv says which it was.
  const { propertyName } = error;
  return propertyName === undefined
    ? { path, message: `${nameOf(path)}${expectation(error)}`, at: 'value' }
    : {
        path: [...path, propertyName],
        message: `"${propertyName}" ${expectation(error)}`,
        at: 'key',
      };
};

/** A JSON Pointer (RFC 6901) as a path. */
export const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The key that an unknown one was probably meant to be. */
export const misspeltIn = (error: ErrorObject): string | undefined => {
  if (error.keyword !== 'additionalProperties') return undefined;
  const { additionalProperty } = error.params as { additionalProperty: string };
  return nearest(additionalProperty, keysOf(error));
};

/** The keys that are allowed where an unknown one was found. */
export const keysOf = ({ parentSchema }: ErrorObject): string[] =>
  Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {});

/** Former names of keys and values, each with its replacement: the custom schema keyword `renamed`. */
export const renamedIn = ({ parentSchema }: ErrorObject): Readonly<Record<string, string>> =>
  (parentSchema as { renamed?: Readonly<Record<string, string>> } | undefined)?.renamed ?? {};

const nameOf = (path: Path): string => {
  const name = path.findLast((key) => !/^\d+$/.test(String(key)));
  return name === undefined ? 'the document ' : `"${name}" `;
};

const expectation = (error: ErrorObject): string => {
  const { keyword, params, data, message, parentSchema } = error;
  const given = JSON.stringify(data);
  const replacement = typeof data === 'string' ? renamedIn(error)[data] : undefined;
  if (replacement !== undefined) return `cannot be ${given} — write ${replacement}`;
  const own = (parentSchema as { errorMessage?: string } | undefined)?.errorMessage;
  if (own !== undefined) return own;
  const { allowedValues, allowedValue, type } = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'enum':
      return `cannot be ${given}${suggestion(String(data), [allowedValues].flat().map(String))}`;
    case 'const':
      return `must be ${JSON.stringify(allowedValue)}`;
    case 'type':
      return `must be ${withArticle([type].flat().join(' or '))}`;
    default:
      return message ?? keyword;
  }
};

/** The text to add for a missing key, if the schema has an example. */
const example = (key: string, { parentSchema }: ErrorObject): string => {
  const { properties } = parentSchema as {
    properties?: Record<string, { examples?: readonly string[] } | undefined>;
  };
  const [value] = properties?.[key]?.examples ?? [];
  return value === undefined ? '' : ` — add "${key}: ${value}"`;
};

const withArticle = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
