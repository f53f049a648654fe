import type { Path } from './problem.ts';

type Visit = (object: Readonly<Record<string, unknown>>, path: Path) => void;

/**
 * Visits every object of a document that OpenAPI or JSON Schema defines, from the outside in. Not visited: maps whose
 * keys are names, examples and other values that only look like a part of the document, and extensions.
 */
export const walkOpenapi = (document: unknown, visit: Visit): void =>
  walk(document, [], false, visit);

const walk = (value: unknown, path: Path, isMap: boolean, visit: Visit): void => {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  if (!isList && !isMap) visit(value as Readonly<Record<string, unknown>>, path);
  for (const [key, child] of Object.entries(value)) {
    const isKeyword = !isList && !isMap;
    if (isKeyword && (values.has(key) || key.startsWith('x-'))) continue;
    walk(child, [...path, key], isKeyword && maps.has(key) && !Array.isArray(child), visit);
  }
};

/** Their values are data. */
const values = new Set(['const', 'default', 'enum', 'example', 'examples', 'mapping', 'value']);

/** The keys of their values are names that the author chooses. */
const maps = new Set([
  ...['paths', 'webhooks', 'callbacks', 'responses', 'content', 'headers', 'links', 'encoding'],
  ...['schemas', 'parameters', 'requestBodies', 'securitySchemes', 'pathItems', 'mediaTypes'],
  ...['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
  ...['additionalOperations', 'variables', 'flows', 'scopes'],
]);
