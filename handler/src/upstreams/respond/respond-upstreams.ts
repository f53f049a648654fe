import { filled, valueReader } from '../../contract-values.ts';
import {
  type Expression,
  type ExpressionSources,
  inHeader,
  inUrl,
  jsonOf,
  type JsonTemplate,
  mapJsonTexts,
  mapTexts,
  textOf,
  type TextTemplate,
  unchanged,
} from '../../http/expression.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { GatewayResponse } from '../../http/response.ts';
import { encodeQuery, unsafeSegment } from '../../http/upstream-path.ts';
import type { UpstreamKind } from '../../parts.ts';

declare module '../../contract.ts' {
  interface UpstreamKinds {
    readonly respond: { readonly target: object };
  }
  interface Route {
    /** Of a route to which the gateway itself responds. */
    readonly respond?: OwnResponse;
  }
}

/** What `respond`, `redirect` and `mock` say. */
export interface OwnResponse {
  readonly status: number;
  /** By name, in lower case. */
  readonly headers: ReadonlyArray<readonly [name: string, value: TextTemplate]>;
  readonly json?: JsonTemplate;
  readonly text?: TextTemplate;
  /** A path of this gateway, or a URL. */
  readonly location?: TextTemplate;
  readonly keepsQuery?: true;
}

/** Responds without an upstream. `names`: the values of the environment that the responses have. */
export const respondUpstreams =
  (names: readonly string[]): UpstreamKind<'respond'> =>
  ({ routes }, reader) => {
    const valueOf = valueReader(reader);
    const values = new Map(names.map((name) => [name, valueOf(name)]));
    const fill = (text: string): string => filled(text, (name) => values.get(name) ?? '');
    return () => {
      const responses = new Map(
        routes.flatMap(({ id, respond }) => (respond ? [[id, withValues(respond, fill)]] : [])),
      );
      return {
        forward: async ({ request, route, params, caller, target }) => {
          const own = responses.get(route.id);
          if (own === undefined) throw new TypeError(`${route.id} has no response`);
          const upstream = { name: target.upstream };
          try {
            return { upstream, outcome: responseOf(own, { request, params, caller }) };
          } catch (error) {
            if (error instanceof GatewayError) return { upstream, outcome: error };
            throw error;
          }
        },
      };
    };
  };

const withValues = (own: OwnResponse, fill: (text: string) => string): OwnResponse => ({
  ...own,
  headers: own.headers.map(([name, value]) => [name, mapTexts(value, fill)]),
  ...(own.json && { json: mapJsonTexts(own.json, fill) }),
  ...(own.text && { text: mapTexts(own.text, fill) }),
  ...(own.location && { location: mapTexts(own.location, fill) }),
});

const responseOf = (own: OwnResponse, sources: ExpressionSources): GatewayResponse => {
  const headers: Record<string, string> = {};
  for (const [name, template] of own.headers) {
    const value = textOf(template, sources, inHeader);
    if (value !== undefined) headers[name] = value;
  }
  if (own.location) headers['location'] = locationOf(own, own.location, sources);
  const { status: statusCode, json, text } = own;
  if (json) {
    headers['content-type'] ??= 'application/json';
    return { statusCode, headers, body: JSON.stringify(jsonOf(json, sources) ?? null) };
  }
  if (!text) return { statusCode, headers };
  headers['content-type'] ??= 'text/plain; charset=utf-8';
  return { statusCode, headers, body: whole(textOf(text, sources, unchanged)) };
};

const locationOf = (
  { keepsQuery }: OwnResponse,
  template: TextTemplate,
  sources: ExpressionSources,
): string => {
  const { request } = sources;
  const location = whole(textOf(template, sources, inLocation));
  const query = keepsQuery && request.query !== '' ? `?${encodeQuery(request.query)}` : '';
  // A path is one of this gateway, whose own paths begin behind the stage.
  return `${location.startsWith('/') ? request.basePath : ''}${location}${query}`;
};

/** A parameter for the rest of a path keeps its slashes, except at its start: `//` would begin a host. */
const inLocation = (value: string, [from]: Expression): string => {
  if (from !== 'path') return inUrl(withoutDots(value));
  return value
    .split('/')
    .map((segment) => inUrl(withoutDots(segment)))
    .join('/')
    .replace(/^\/+/, (slashes) => inUrl(slashes));
};

/** A client resolves `..`, and would go to another path. */
const withoutDots = (segment: string): string => {
  if (unsafeSegment.test(segment)) throw incomplete();
  return segment;
};

const whole = (text: string | undefined): string => {
  if (text === undefined) throw incomplete();
  return text;
};

const incomplete = (): GatewayError =>
  new GatewayError('BAD_REQUEST', {
    detail: 'Send every parameter and member that the response to this request is made of.',
  });
