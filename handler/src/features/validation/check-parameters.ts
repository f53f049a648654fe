import type { Subject } from '../../contract.ts';
import { cookieValues } from '../../http/cookie-values.ts';
import type { ParameterViolation } from '../../http/gateway-error.ts';
import { foldedName } from '../../http/withheld-headers.ts';
import { detailOf } from './explain-error.ts';
import { parseQuery, percentDecode } from './parse-query.ts';
import { readScalar } from './read-scalar.ts';
import type { ParameterSchema, ScalarType } from './request-schema.ts';

/** At most one violation per parameter. */
export const checkParameters = (
  parameters: readonly ParameterSchema[],
  subject: Subject,
): readonly ParameterViolation[] => {
  const violations: ParameterViolation[] = [];
  let query: ReadonlyMap<string, readonly string[]> | undefined;
  for (const parameter of parameters) {
    if (parameter.in === 'query') query ??= parseQuery(subject.query);
    const own = writtenValues(parameter, subject, query);
    const detail =
      parameter.check === undefined
        ? check(parameter, own)
        : parameter.check(parameter, { own, query: query ?? none, cookies: subject.cookies });
    if (detail !== undefined) violations.push({ in: parameter.in, name: parameter.name, detail });
  }
  return violations;
};

const none: ReadonlyMap<string, readonly string[]> = new Map();

/**
 * The values as the client sent them; query values still percent-encoded. For a header, the values of every spelling of
 * its name.
 */
const writtenValues = (
  { in: place, name }: ParameterSchema,
  { params, headers, cookies }: Subject,
  query: ReadonlyMap<string, readonly string[]> | undefined,
): readonly string[] => {
  switch (place) {
    case 'query':
      return query?.get(name) ?? [];
    case 'path':
      return present(params[name]);
    case 'header':
      return Object.keys(headers)
        .filter((given) => foldedName(given) === foldedName(name))
        .flatMap((given) => present(headers[given]));
    case 'cookie':
      return cookieValues(cookies, name);
  }
};

const present = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : [value];

const check = (parameter: ParameterSchema, written: readonly string[]): string | undefined => {
  const { required, list } = parameter;
  const [first] = written;
  if (first === undefined) return required ? 'is required' : undefined;
  // If there are two values, the service may read the one that was not checked.
  if (written.length > 1 && list !== 'repeated') return 'is sent more than once';

  const texts = (list === 'commas' ? first.split(',') : written).map((text) =>
    decode(parameter.in, text),
  );
  if (!texts.every((text) => text !== undefined)) return 'is not valid percent-encoding';
  return misfit(parameter, texts);
};

/**
 * A text with several possible types is valid if it is valid as one of them. Otherwise the violation of the first type
 * is reported.
 */
const misfit = (
  { types, list, itemTypes = [], fits, explain }: ParameterSchema,
  texts: readonly string[],
): string | undefined => {
  let detail: string | undefined;
  const isRefused = (value: unknown): boolean => {
    if (fits(value)) return false;
    detail ??= detailOf(explain, value);
    return true;
  };
  const [text = ''] = texts;
  if (texts.length === 1 && types.length > 0) {
    const value = readScalar(text, types);
    if (!isRefused(value)) return undefined;
    if (value !== text && types.includes('string') && !isRefused(text)) return undefined;
  } else if (list === undefined) return isRefused(text) ? detail : undefined;
  if (list === undefined) return detail;
  const items = texts.map((item, index) => readScalar(item, typesAt(itemTypes, index)));
  if (!isRefused(items)) return undefined;
  const asTexts = texts.map((item, index) =>
    typesAt(itemTypes, index).includes('string') ? item : items[index],
  );
  return isRefused(asTexts) ? detail : undefined;
};

const typesAt = (
  itemTypes: readonly (readonly ScalarType[])[],
  index: number,
): readonly ScalarType[] => itemTypes[Math.min(index, itemTypes.length - 1)] ?? [];

const decode = (place: ParameterSchema['in'], text: string): string | undefined => {
  if (place === 'query') return percentDecode(text);
  // RFC 9110 §5.5 and §5.6.1: white space around a header's value or a list's item is not part of it.
  return place === 'header' ? text.trim() : text;
};
