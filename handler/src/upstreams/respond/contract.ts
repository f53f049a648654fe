import { literal } from '../../../compiler/code.ts';
import { contractPart, type Located } from '../../../compiler/contract-part.ts';
import {
  type ExpressionReader,
  expressionReader,
  hasExpression,
  jsonTexts,
  literalTexts,
} from '../../../compiler/expression.ts';
import { checkHeaderName, checkHeaderValue } from '../../../compiler/header-rules.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import { valueNames } from '../../contract-values.ts';
import { checkLocation } from './compile/check-location.ts';
import { createMocks } from './compile/mock.ts';
import type { OwnResponse } from './respond-upstreams.ts';

const respond = {
  type: 'object',
  additionalProperties: false,
  description: 'The gateway itself responds, without an upstream.',
  examples: ['{ status: 204 }'],
  properties: {
    status: {
      type: 'integer',
      minimum: 200,
      maximum: 599,
      default: 200,
      description: 'Its status.',
    },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description:
        'Its headers. Their values can have expressions; one whose expression has no value is left out.',
    },
    body: {
      description:
        'Its body: a text, or a JSON value. Its strings can have expressions; an expression alone keeps the type of its value.',
    },
  },
} as const;

const redirect = {
  type: 'object',
  additionalProperties: false,
  required: ['location'],
  description: 'The gateway itself redirects, without an upstream.',
  properties: {
    location: {
      type: 'string',
      minLength: 1,
      description:
        'A path of this gateway, or an http or https URL. It can have expressions after its host.',
      examples: ['/v2/users/{$request.path.id}'],
    },
    status: {
      enum: [301, 302, 303, 307, 308],
      default: 307,
      description: 'Its status: 301 and 308 are permanent; 307 and 308 keep method and body.',
    },
    query: {
      enum: ['drop', 'keep'],
      default: 'drop',
      description: 'Whether the query of the request is added.',
    },
  },
} as const;

export default contractPart({
  folder: 'upstreams/respond',
  route: {
    respond,
    redirect,
    mock: {
      const: true,
      description: 'The gateway itself responds with the example that the document declares.',
    },
  },
  insteadOfUpstream: ['respond', 'redirect', 'mock'],
  compile: ({ document, routes, nearest, report }) => {
    const mocks = createMocks(document, report);
    const compiled = new Map<string, OwnResponse>();
    for (const route of routes) {
      const { plan, operation } = route;
      if (plan.target.kind !== 'respond' || operation === undefined) continue;
      const reader = expressionReader(document, route, report);
      const key = plan.target.upstream as 'respond' | 'redirect' | 'mock';
      const own =
        key === 'mock'
          ? mocks(operation)
          : key === 'redirect'
            ? planRedirect(nearest(operation, key), reader, report)
            : planRespond(nearest(operation, key), reader, report);
      if (own !== undefined) compiled.set(plan.id, own);
    }
    if (compiled.size === 0) return () => ({});
    const values = [...new Set([...compiled.values()].flatMap(valuesOf))];
    return ({ use }) => ({
      upstreamKind: `${use('respondUpstreams', 'respond-upstreams.ts')}(${literal(values)})`,
      route: (id) => {
        const own = compiled.get(id);
        return own === undefined ? {} : { respond: literal(own) };
      },
      responses: (id) => {
        const { location, text } = compiled.get(id) ?? {};
        const canFail = hasExpression(location ?? []) || hasExpression(text ?? []);
        return canFail ? { errors: ['BAD_REQUEST'] } : {};
      },
      values,
      functionValues: values,
    });
  },
});

type Said<K extends 'respond' | 'redirect'> = K extends 'respond'
  ? {
      readonly status?: number | undefined;
      readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
      readonly body?: unknown;
    }
  : {
      readonly location?: string | undefined;
      readonly status?: number | undefined;
      readonly query?: 'drop' | 'keep' | undefined;
    };

const planRespond = (
  setting: Located<Said<'respond'>> | undefined,
  reader: ExpressionReader,
  report: Report,
): OwnResponse | undefined => {
  if (setting === undefined) return undefined;
  const { value, path } = setting;
  const { status = 200, headers = {}, body } = value;
  const named = Object.entries(headers).flatMap(([written, text]) => {
    const name = written.toLowerCase();
    const place = [...path, 'headers', written];
    checkHeaderName(name, 'response', place, report);
    if (text === undefined) return [];
    const template = reader.text(text, place);
    for (const each of literalTexts(template)) checkHeaderValue(each, place, report);
    if (name === 'location' && hasExpression(template))
      report(place, 'a location with expressions is a "redirect"');
    return [[name, template] as const];
  });
  const ofBody = body === undefined ? {} : planBody(body, named, [...path, 'body'], reader, report);
  if (body !== undefined && (status === 204 || status === 304))
    report([...path, 'body'], `a response with the status ${status} has no body`, 'key');
  return { status, headers: named, ...ofBody };
};

type Headers = OwnResponse['headers'];

const planBody = (
  body: unknown,
  headers: Headers,
  path: Path,
  reader: ExpressionReader,
  report: Report,
): Partial<OwnResponse> => {
  if (typeof body !== 'string') return { json: reader.json(body, path) };
  const text = reader.text(body, path);
  const type = headers.find(([name]) => name === 'content-type')?.[1];
  // In any other type, a value could end what surrounds it: a string of JSON, an element of HTML.
  if (hasExpression(text) && type !== undefined && !/^text\/plain\s*(;|$)/i.test(type.join('')))
    report(
      path,
      'a text with expressions is text/plain — write JSON as a map or a list, not as a text',
    );
  return { text };
};

const planRedirect = (
  setting: Located<Said<'redirect'>> | undefined,
  reader: ExpressionReader,
  report: Report,
): OwnResponse | undefined => {
  if (setting?.value.location === undefined) return undefined;
  const { location, status = 307, query } = setting.value;
  const place = [...setting.path, 'location'];
  const template = reader.text(location, place);
  checkLocation(template, query === 'keep', place, report);
  return { status, headers: [], location: template, ...(query === 'keep' && { keepsQuery: true }) };
};

const valuesOf = ({ headers, text = [], json, location = [] }: OwnResponse): readonly string[] =>
  valueNames([
    ...headers.flatMap(([, template]) => literalTexts(template)),
    ...literalTexts(text),
    ...literalTexts(location),
    ...(json === undefined ? [] : jsonTexts(json)),
  ]);
