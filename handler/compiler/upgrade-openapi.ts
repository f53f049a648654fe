import type { Path, Report } from './problem.ts';
import { follow, valueAt } from './references.ts';
import { unicodePattern } from './unicode-pattern.ts';
import { walkOpenapi } from './walk-openapi.ts';

/**
 * A document in the terms of OpenAPI 3.1, whatever its version. No part of it moves, so that paths of the result are
 * paths of the original. Keywords of 3.0 that a newer document still has mean what they mean in 3.0.
 */
export const upgradeOpenapi = (value: unknown, warn: Report): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const document: object = structuredClone(value);
  const isVersion30 = 'openapi' in document && /^3\.0\./.test(String(document.openapi));
  walkOpenapi(document, (part, path) => {
    const object = part as Mutable;
    warnOfDialect(object, path, warn);
    if (isVersion30) dropSiblings(object, path, warn);
    completeSchema(object, path, warn);
    const former = upgradeSchema(object, path, warn);
    if (isVersion30) return;
    for (const keyword of former)
      warn(
        [...path, keyword],
        `"${keyword}" is read as in OpenAPI 3.0: ${replacements[keyword]}`,
        'key',
      );
  });
  resolvePathItems(document);
  return isVersion30 ? { ...document, openapi: '3.1.1' } : document;
};

type Mutable = Record<string, unknown>;

/** In the root of a document, `$schema` is for editors. */
const warnOfDialect = (object: Mutable, path: Path, warn: Report): void => {
  const key = path.length === 0 ? 'jsonSchemaDialect' : '$schema';
  const dialect = object[key];
  if (typeof dialect !== 'string' || knownDialect.test(dialect)) return;
  warn(
    [...path, key],
    `"${dialect}" is a dialect that Postern does not know — schemas are read as JSON Schema 2020-12 with the keywords of OpenAPI`,
  );
};

/** JSON Schema 2020-12, and with it the base dialects of OpenAPI 3.1 and 3.2. */
const knownDialect =
  /^https:\/\/(?:json-schema\.org\/draft\/2020-12\/schema|spec\.openapis\.org\/oas\/3\.[12]\/dialect\/(?:base|\d{4}-\d\d-\d\d))#?$/;

/** A path item can be a `$ref`; what is beside it has precedence. */
const resolvePathItems = (document: object): void => {
  const paths = valueAt(document, ['paths']);
  if (typeof paths !== 'object' || paths === null) return;
  for (const [path, value] of Object.entries(paths) as Array<[string, unknown]>) {
    const target = follow<object>(document, { value, path: ['paths', path] })?.value;
    if (target === undefined || target === value) continue;
    const item: Mutable = { ...structuredClone(target), ...(value as Mutable) };
    delete item['$ref'];
    Object.assign(paths, { [path]: item });
  }
};

/** What no version means otherwise. Generators write an empty `enum`, which no value would satisfy. */
const completeSchema = (object: Mutable, path: Path, warn: Report): void => {
  const { pattern, enum: values } = object;
  if (typeof pattern === 'string') object['pattern'] = unicodePattern(pattern);
  if (!Array.isArray(values) || values.length > 0) return;
  warn([...path, 'enum'], '"enum" is empty, and ignored: it would refuse every value', 'key');
  delete object['enum'];
};

/** Keys beside a `$ref` have no effect in 3.0 (OpenAPI 3.0.4, Reference Object), except in a path item. */
const dropSiblings = (object: Mutable, path: Path, warn: Report): void => {
  if (typeof object['$ref'] !== 'string' || isPathItem(path)) return;
  for (const key of Object.keys(object)) {
    if (key === '$ref' || key === 'description' || key === 'summary' || key.startsWith('x-'))
      continue;
    if (!annotations.has(key))
      warn([...path, key], `"${key}" has no effect beside a $ref in OpenAPI 3.0`, 'key');
    delete object[key];
  }
};

/** They decide nothing about a request. */
const annotations = new Set(['default', 'deprecated', 'example', 'externalDocs', 'title', 'xml']);

const isPathItem = (path: Path): boolean =>
  path.length === 2 && (path[0] === 'paths' || path[0] === 'webhooks');

/** Replaces the keywords that only 3.0 has. `nullable` needs a `type` beside it (OpenAPI 3.0.4, Schema Object). */
const upgradeSchema = (object: Mutable, path: Path, warn: Report): readonly FormerKeyword[] => {
  const former = formerKeywords.filter((keyword) => typeof object[keyword] === 'boolean');
  for (const keyword of former) {
    const holds = object[keyword] === true;
    delete object[keyword];
    if (!holds) continue;
    if (keyword === 'nullable') {
      if (object['type'] === undefined)
        warn([...path, keyword], '"nullable" has no effect without "type" beside it', 'key');
      else object['type'] = [...new Set([object['type'], 'null'].flat())];
    } else {
      const bound = keyword === 'exclusiveMinimum' ? 'minimum' : 'maximum';
      if (object[bound] !== undefined) object[keyword] = object[bound];
      delete object[bound];
    }
  }
  return former;
};

const replacements = {
  nullable: 'in 3.1, "null" is one of the types, as in "type: [string, \'null\']"',
  exclusiveMinimum: 'in 3.1, it is the number itself',
  exclusiveMaximum: 'in 3.1, it is the number itself',
};

type FormerKeyword = keyof typeof replacements;
const formerKeywords = Object.keys(replacements) as FormerKeyword[];
