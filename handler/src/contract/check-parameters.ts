import type { Subject } from './contract.ts';
import type { Violation } from '../http/gateway-error.ts';
import { foldedName } from '../http/withheld-headers.ts';
import { explainError } from './explain-error.ts';
import { parseQuery, percentDecode } from './parse-query.ts';
import { readScalar } from './read-scalar.ts';
import type { ParameterSchema } from './request-schema.ts';

/** At most one violation a parameter. */
export const checkParameters = (
  parameters: readonly ParameterSchema[],
  subject: Subject,
): readonly Violation[] => {
  const violations: Violation[] = [];
  let query: ReadonlyMap<string, readonly string[]> | undefined;
  for (const parameter of parameters) {
    if (parameter.in === 'query') query ??= parseQuery(subject.query);
    const message = check(parameter, writtenValues(parameter, subject, query));
    if (message !== undefined) violations.push({ in: parameter.in, at: parameter.name, message });
  }
  return violations;
};

/** The values as the client wrote them, query values still percent-encoded; of a header in every spelling of its name. */
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
      return cookies
        .filter((cookie) => cookie.startsWith(`${name}=`))
        .map((cookie) => cookie.slice(name.length + 1));
  }
};

const present = (value: string | undefined): readonly string[] =>
  value === undefined ? [] : [value];

const check = (parameter: ParameterSchema, written: readonly string[]): string | undefined => {
  const { required, list, types, fits } = parameter;
  const [first] = written;
  if (first === undefined) return required ? 'is required' : undefined;
  // Of two values the service may well read the one that was not checked.
  if (written.length > 1 && list !== 'repeated') return 'is given more than once';

  const texts = (list === 'commas' ? first.split(',') : written).map((text) =>
    decode(parameter.in, text),
  );
  if (!texts.every((text) => text !== undefined)) return 'is not valid percent-encoding';
  const values = texts.map((text) => readScalar(text, types));
  if (fits(list === undefined ? values[0] : values)) return undefined;
  return explain(fits.errors?.[0]);
};

const decode = (place: ParameterSchema['in'], text: string): string | undefined => {
  if (place === 'query') return percentDecode(text);
  // RFC 9110 §5.5 and §5.6.1: white space around a header's value or a list's item is not part of it.
  return place === 'header' ? text.trim() : text;
};

const explain = (error: Parameters<typeof explainError>[0] | undefined): string => {
  if (error === undefined) return 'does not fit its schema';
  const item = /^\/(\d+)/.exec(error.instancePath)?.[1];
  const { message } = explainError(error);
  return item === undefined ? message : `item ${Number(item) + 1} ${message}`;
};
