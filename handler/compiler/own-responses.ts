import { STATUS_CODES } from 'node:http';
import { type ErrorCode, errorCodes } from '../src/http/gateway-error.ts';
import { methods } from './document.ts';
import { follow } from './references.ts';

/** What the gateway itself adds to the responses of a route. */
export interface OwnResponses {
  /** The errors that can happen on the route. */
  readonly errors?: readonly ErrorCode[];
  /** Header Objects of OpenAPI, by name: of every response after the sign-in. */
  readonly headers?: Named<object>;
}

type Named<T> = Readonly<Record<string, T>>;

/** A document of its own, to add to. */
export interface PublishedDocument {
  paths?: Record<string, Record<string, unknown>>;
  components?: Record<string, Record<string, unknown>>;
}

interface Response {
  readonly description: string;
  headers?: Named<unknown>;
  content?: Named<unknown>;
}

/**
 * Adds the gateway's own responses to the operations of a document, by route. What the author declares stays as it is;
 * problem details are a further media type of a response that the author declares for the same status. Shared parts get
 * names that the author does not use.
 */
export const addOwnResponses = (
  document: PublishedDocument,
  ofRoutes: ReadonlyMap<string, OwnResponses>,
): void => {
  const share = sharing((document.components ??= {}));
  const all = [...ofRoutes.values()];
  const routeHeaders = Object.assign({}, ...all.map(({ headers }) => headers)) as Named<object>;
  const sharedHeaders = (headers: Named<object> = {}): Named<object> =>
    Object.fromEntries(
      Object.entries(headers).map(([name, header]) => [name, share('headers', name, header)]),
    );

  /** With nothing that an author declares. */
  const alone = new Map<number, object>();
  const problem = (status: number): Response => ({
    description: STATUS_CODES[status] ?? '',
    headers: sharedHeaders({ ...errorHeaders[status], ...(!isEarly(status) && routeHeaders) }),
    content: { 'application/problem+json': { schema: share('schemas', 'Problem', problemSchema) } },
  });

  const resolved = (response: unknown): Response | undefined =>
    follow<Response>(document, { value: response, path: [] })?.value;

  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const { errors = [], headers } = ofRoutes.get(`${method.toUpperCase()} ${path}`) ?? {};
      const operation = item[method] as { responses?: Record<string, unknown> } | undefined;
      if (operation === undefined) continue;
      const responses = (operation.responses ??= { default: { description: 'Any response' } });
      for (const [status, response] of Object.entries(responses)) {
        if (!isEarly(Number(status)))
          addMissing(resolved(response), 'headers', sharedHeaders(headers));
      }
      for (const status of new Set(errors.map((code) => errorCodes[code].status))) {
        const general = responses[`${String(status)[0]}XX`] ?? responses['default'];
        const exact = resolved(responses[status]);
        if (exact === undefined && resolved(general)?.content === undefined) {
          const known = alone.get(status);
          responses[status] = known ?? share('responses', `Problem${status}`, problem(status));
          alone.set(status, responses[status] as object);
          continue;
        }
        const own = problem(status);
        addMissing(exact, 'headers', own.headers);
        addMissing(exact, 'content', own.content);
        if (exact !== undefined) continue;
        // A service may still respond with what the author declares for a range of statuses.
        addMissing(own, 'content', resolved(general)?.content);
        responses[status] = share('responses', `Problem${status}`, own);
      }
    }
  }
};

/** Whether a status is sent before the limits of a route are known. */
const isEarly = (status: number): boolean => [401, 404, 405].includes(status);

/** Puts each different value once into a section, under a free name, and refers to it. */
const sharing = (components: Record<string, Record<string, unknown>>) => {
  const references = new Map<string, { readonly $ref: string }>();
  return (section: string, name: string, value: unknown): { readonly $ref: string } => {
    const key = `${section} ${name} ${JSON.stringify(value)}`;
    const known = references.get(key);
    if (known !== undefined) return known;
    const values = (components[section] ??= {});
    let free = name;
    for (let count = 2; Object.hasOwn(values, free); count += 1) free = `${name}_${count}`;
    values[free] = value;
    const reference = { $ref: `#/components/${section}/${free}` };
    references.set(key, reference);
    return reference;
  };
};

const addMissing = (
  response: Response | undefined,
  key: 'headers' | 'content',
  values: Named<unknown> = {},
): void => {
  if (response === undefined || Object.keys(values).length === 0) return;
  response[key] = { ...response[key], ...values, ...response[key] };
};

const text = { schema: { type: 'string' } };

const seconds = { schema: { type: 'integer' } };

/** The headers of errors, by status. */
const errorHeaders: Readonly<Record<number, Named<object>>> = {
  401: { 'WWW-Authenticate': text },
  403: { 'WWW-Authenticate': text },
  405: { Allow: text },
  415: { Accept: text },
  429: { 'Retry-After': seconds },
  503: { 'Retry-After': seconds },
};

/** RFC 9457; `docs/errors.md` describes the members. */
const problemSchema = {
  type: 'object',
  description: 'An error of the gateway (RFC 9457)',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          detail: { type: 'string' },
          pointer: { type: 'string' },
          in: { type: 'string' },
          name: { type: 'string' },
        },
      },
    },
    'violated-policies': { type: 'array', items: { type: 'string' } },
  },
};
