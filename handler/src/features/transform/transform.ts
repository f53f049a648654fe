import { filled, valueReader } from '../../contract-values.ts';
import { type Exchange, matchOf } from '../../exchange.ts';
import {
  type ExpressionSources,
  inHeader,
  inUrl,
  mapTexts,
  textOf,
  type TextTemplate,
  unchanged,
} from '../../http/expression.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { foldedName } from '../../http/withheld-headers.ts';
import type { Feature, StoreKind } from '../../parts.ts';

declare module '../../contract.ts' {
  interface Route {
    readonly transform?: Transformation;
  }
}

declare module '../../parts.ts' {
  interface Stores {
    /** No store, but known before the gateway starts in the same way: the values that transformations have. */
    readonly transformValues?: Readonly<Record<string, string>>;
  }
  interface FeatureTools {
    readonly transformValues?: Readonly<Record<string, string>>;
  }
}

/** What changes on the way to the upstream and back. */
export interface Transformation {
  readonly request?: HeaderChanges & { readonly query?: Changes };
  readonly response?: HeaderChanges;
}

interface HeaderChanges {
  readonly headers?: Changes;
}

/** Names of headers are in lower case. In this order. */
export interface Changes {
  readonly remove?: readonly string[];
  readonly rename?: Named<string>;
  readonly set?: Named<TextTemplate>;
  readonly add?: Named<TextTemplate>;
}

type Named<T> = ReadonlyArray<readonly [name: string, value: T]>;

/** The values of the environment by name, which must not be missing. */
export const transformValues =
  (names: readonly string[]): StoreKind<Readonly<Record<string, string>>> =>
  (reader) => {
    const valueOf = valueReader(reader);
    const store = Object.fromEntries(names.map((name) => [name, valueOf(name)]));
    return () => ({ store, checks: {} });
  };

/**
 * Changes what is sent to the upstream, and what it sends back. Only the upstream sees the changed request: every other
 * step has the client's own. A response of the gateway itself does not change.
 */
export const transform: Feature = ({ transformValues: values }) => {
  const fill = (text: string): string => filled(text, (name) => values?.[name] ?? '');
  const received = new WeakMap<Exchange, GatewayRequest>();
  const putBack = (exchange: Exchange): void => {
    exchange.request = received.get(exchange) ?? exchange.request;
  };
  return {
    before: ({ context: { exchange } }) => {
      const { request } = exchange;
      const changes = matchOf(exchange).route.transform?.request;
      if (changes === undefined) return;
      received.set(exchange, request);
      const sources = sourcesOf(exchange);
      const headers = { ...request.headers };
      if (changes.headers) changeHeaders(headers, changes.headers, sources, fill);
      const query = changes.query
        ? changedQuery(request.query, changes.query, sources, fill)
        : request.query;
      exchange.request = { ...request, headers, query };
    },
    after: ({ response, context: { exchange } }) => {
      putBack(exchange);
      const changes = matchOf(exchange).route.transform?.response?.headers;
      if (changes && response) changeHeaders(response.headers, changes, sourcesOf(exchange), fill);
    },
    onError: ({ context: { exchange } }) => putBack(exchange),
  };
};

const sourcesOf = (exchange: Exchange): ExpressionSources => ({
  request: exchange.request,
  params: matchOf(exchange).params,
  caller: exchange.caller,
});

const changeHeaders = (
  headers: Record<string, string>,
  { remove = [], rename = [], set = [], add = [] }: Changes,
  sources: ExpressionSources,
  fill: (text: string) => string,
): void => {
  for (const name of remove) drop(headers, name);
  for (const [from, to] of rename) {
    const value = headers[from];
    drop(headers, from);
    if (value === undefined) continue;
    drop(headers, to);
    headers[to] = value;
  }
  for (const [name, template] of set) {
    const value = textOf(mapTexts(template, fill), sources, inHeader);
    // What the client sends under this name must not stay, not even in place of a value that is missing.
    drop(headers, name);
    if (value !== undefined) headers[name] = value;
  }
  for (const [name, template] of add) {
    const value = textOf(mapTexts(template, fill), sources, inHeader);
    if (value === undefined) continue;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
};

/** In every spelling that a server behind CGI or WSGI would read as this name. */
const drop = (headers: Record<string, string>, name: string): void => {
  const folded = foldedName(name);
  for (const own in headers) if (foldedName(own) === folded) delete headers[own];
};

/** Parameters that do not change stay as the client wrote them. */
const changedQuery = (
  query: string,
  { remove = [], set = [] }: Changes,
  sources: ExpressionSources,
  fill: (text: string) => string,
): string => {
  const gone = new Set([...remove, ...set.map(([name]) => name)]);
  const kept = query.split('&').filter((pair) => pair !== '' && !gone.has(nameIn(pair)));
  const added = set.flatMap(([name, template]) => {
    // The whole value is encoded afterwards, the texts of the contract as well.
    const value = textOf(mapTexts(template, fill), sources, unchanged);
    return value === undefined ? [] : [`${inUrl(name)}=${inUrl(value)}`];
  });
  return [...kept, ...added].join('&');
};

const nameIn = (pair: string): string => new URLSearchParams(pair).keys().next().value ?? '';
