import type { Encoding, Parameter } from '../../../../compiler/document.ts';
import type { Report } from '../../../../compiler/problem.ts';
import type { Located } from '../../../../compiler/references.ts';
import { isJson } from '../media-type.ts';
import type { PartRule } from '../multipart-body.ts';
import type { Reading } from '../text-values.ts';
import { planReading } from './plan-reading.ts';
import { planStyle, type StylePlan, styleOf } from './plan-style.ts';
import { type Group, groupOf, partsOf } from './schema-groups.ts';
import { typesOf } from './schema-types.ts';

/** How the fields of a form are read, as plain data. */
export interface FormPlan {
  readonly isMultipart: boolean;
  readonly fields: readonly FieldPlan[];
  /** Of fields that are not declared. Absent: a declared field has all of them. */
  readonly others: Reading | undefined;
}

export interface FieldPlan {
  readonly name: string;
  readonly reading: Reading;
  /** Absent: one text, or one for each item of a list. */
  readonly style: StylePlan | undefined;
  /** Whether its texts are JSON: one value, or one for each item of a list. */
  readonly json: 'one' | 'list' | undefined;
  readonly part: PartRule;
}

export const isForm = (mediaType: string): boolean =>
  /^(?:application\/x-www-form-urlencoded|multipart\/form-data)$/.test(mediaType);

/** Undefined if the schema describes no form. */
export const planForm = (
  document: unknown,
  mediaType: string,
  { schema, encoding = {} }: { readonly schema: Located<unknown>; readonly encoding?: Encodings },
  warn: Report,
): FormPlan | undefined => {
  const types = typesOf(document, schema);
  if (types.size > 0 && !types.has('object')) {
    warn(
      schema.path,
      `the fields of "${mediaType}" are an object: a schema of another type is not checked`,
      'key',
    );
    return undefined;
  }
  const isMultipart = mediaType.startsWith('multipart/');
  const { properties, otherProperties } = partsOf(groupOf(document, [schema]));
  const fields = [...properties].map(([name, schemas]) =>
    planField(document, name, schemas, { encoding: encoding[name] ?? {}, isMultipart }),
  );
  for (const [name, each] of Object.entries(encoding)) {
    if (!isMultipart || each?.headers === undefined) continue;
    const path = [...schema.path.slice(0, -1), 'encoding', name, 'headers'];
    warn(path, 'the headers of a part are not checked', 'key');
  }
  const isOpen = fields.some(({ style }) => style?.kind === 'separate' && !style.names);
  return {
    isMultipart,
    fields,
    others: isOpen ? undefined : planReading(document, otherProperties),
  };
};

type Encodings = Readonly<Record<string, Encoding | undefined>>;

const planField = (
  document: unknown,
  name: string,
  schemas: readonly Located<unknown>[],
  { encoding, isMultipart }: { readonly encoding: Encoding; readonly isMultipart: boolean },
): FieldPlan => {
  const reading = planReading(document, schemas);
  const group = groupOf(document, schemas);
  const { prefixItems, items } = partsOf(group);
  const leaves =
    reading.items === undefined ? group : groupOf(document, [...prefixItems.flat(), ...items]);
  const json = jsonOf(reading);
  const { style, explode, allowReserved, contentType } = encoding;
  const isStyled = style !== undefined || explode !== undefined || allowReserved !== undefined;
  if (isStyled && (style === 'deepObject' || json !== 'list')) {
    const part: PartRule = { kind: 'text', types: textTypes(leaves) };
    return { name, reading, style: planOwnStyle(name, encoding, reading), json: undefined, part };
  }
  const stated = isStyled ? undefined : contentType?.split(',').map(typeAlone);
  const kind = kindOf(stated, json, isMultipart && isFile(reading.items ?? reading, leaves));
  return {
    ...{ name, reading, style: undefined },
    json: kind === 'json' ? (json ?? (reading.items === undefined ? 'one' : 'list')) : undefined,
    part: { kind, types: stated ?? defaultTypes(kind, leaves) },
  };
};

/** OpenAPI, Encoding Object: objects are JSON. A list of objects or lists has no other form either. */
const jsonOf = ({ types, properties, items }: Reading): FieldPlan['json'] => {
  if (types.includes('string')) return undefined;
  if (items?.properties !== undefined || items?.items !== undefined) return 'list';
  return properties === undefined ? undefined : 'one';
};

const planOwnStyle = (name: string, encoding: Encoding, reading: Reading): FieldPlan['style'] => {
  const parameter: Parameter = { ...encoding, name, in: 'query' };
  const { style, explode } = styleOf(parameter);
  const isRepeated = style === 'form' && explode && reading.properties === undefined;
  const isText = reading.properties === undefined && reading.items === undefined;
  return isRepeated || isText ? undefined : planStyle(parameter, reading);
};

const kindOf = (
  stated: readonly string[] | undefined,
  json: FieldPlan['json'],
  isBinary: boolean,
): PartRule['kind'] => {
  if (stated === undefined) return json !== undefined ? 'json' : isBinary ? 'file' : 'text';
  if (stated.every(isJson)) return 'json';
  return stated.every((type) => type === 'text/plain') ? 'text' : 'file';
};

/**
 * In 3.0 by `format: binary`, in 3.1 by a media type without an encoding as text, or by a schema that says nothing.
 *
 * @param leaves the schemas of the value, or of each item.
 */
const isFile = ({ types, properties, items }: Reading, leaves: Group): boolean =>
  (types.length === 0 && properties === undefined && items === undefined) ||
  leaves.some(
    ({ value }) =>
      value['format'] === 'binary' ||
      (value['contentMediaType'] !== undefined && value['contentEncoding'] === undefined),
  );

const defaultTypes = (kind: PartRule['kind'], leaves: Group): readonly string[] => {
  // Browsers name no type for a text that is JSON.
  if (kind === 'json') return ['application/json', 'text/plain'];
  if (kind === 'text') return textTypes(leaves);
  const types = mediaTypesOf(leaves);
  return types.length > 0 ? types : ['*/*'];
};

/** A text that encodes a file, as by `contentEncoding: base64`, may have the type of the file. */
const textTypes = (leaves: Group): readonly string[] => [
  'text/plain',
  ...(leaves.some(({ value }) => value['contentEncoding'] !== undefined)
    ? ['application/octet-stream', ...mediaTypesOf(leaves)]
    : []),
];

const mediaTypesOf = (leaves: Group): readonly string[] =>
  leaves.flatMap(({ value: { contentMediaType } }) =>
    typeof contentMediaType === 'string' ? [typeAlone(contentMediaType)] : [],
  );

const typeAlone = (text: string): string => text.split(';', 1).join().trim().toLowerCase();
