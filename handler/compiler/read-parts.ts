import type { Path } from './problem.ts';
import { follow, pointerTo, valueAt } from './references.ts';
import { methods } from './document.ts';

/**
 * Tells the parts of a document that decide about requests from the others, which are only published: a mistake there is
 * no reason to stop.
 */
export const readParts = (document: unknown): ((path: Path) => boolean) => {
  const reached = new Set<object>();
  /** Also those that are no objects, by mistake. */
  const targets = new Set<string>();
  const reach = (value: unknown, isMap = false): void => {
    if (typeof value !== 'object' || value === null || reached.has(value)) return;
    reached.add(value);
    const target = follow<unknown>(document, { value, path: [] });
    if (target !== undefined && target.value !== value) {
      targets.add(pointerTo(target.path));
      reach(target.value);
    }
    for (const [key, child] of Object.entries(value)) {
      if (isMap || !(notRead.has(key) || key.startsWith('x-'))) reach(child, maps.has(key));
    }
  };
  const items = valueAt(document, ['paths']) ?? {};
  for (const path of Object.keys(items)) {
    const item = follow<object>(document, { value: valueAt(items, [path]), path: [] })?.value;
    reach(valueAt(item, ['parameters']));
    for (const key of methods.flatMap((method) => operationKeys.map((key) => [method, key])))
      reach(valueAt(item, key));
  }
  reach(valueAt(document, ['security']));
  reach(valueAt(document, ['components', 'securitySchemes']), true);

  return (path) =>
    isFrame(path) || targets.has(pointerTo(path)) || isReached(path, reached, document);
};

const operationKeys = ['parameters', 'requestBody', 'security'] as const;

/** Whether the object that holds the value is read, and the value as well. */
const isReached = (path: Path, reached: ReadonlySet<object>, document: unknown): boolean => {
  let value = document;
  let owner: unknown = undefined;
  let isMap = false;
  for (const key of path) {
    if (reached.has(value as object) && notRead.has(String(key)) && !isMap) return false;
    isMap = !isMap && maps.has(String(key));
    owner = value;
    value = valueAt(value, [key]);
  }
  return reached.has(value as object) || reached.has(owner as object);
};

/** Where the parts that are read are, as far as they are named by the path alone. */
const isFrame = ([first, , third, fourth, ...others]: Path): boolean => {
  if (first === undefined || first === 'openapi' || first === 'security') return true;
  if (first === 'components') return third === undefined;
  if (first !== 'paths') return false;
  if (third === undefined || third === '$ref' || third === 'parameters') return others.length === 0;
  const isMethod = methods.some((method) => method === third);
  return isMethod && (fourth === undefined || operationKeys.some((key) => key === fourth));
};

const notRead = new Set([
  ...['description', 'summary', 'title', 'example', 'examples', 'deprecated', 'externalDocs'],
  ...['xml', 'default', '$comment', 'mapping'],
]);

const maps = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'content']);
