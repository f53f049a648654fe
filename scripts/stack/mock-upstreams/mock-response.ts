import { follow } from '../../../handler/compiler/references.ts';
import type { Sampler } from './sample-schema.ts';

export interface MockResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Wishes {
  /** The client's `Accept`. */
  readonly accept?: string | undefined;
  /** The client's `Prefer`: `code=404` or `example=name`, as other mock servers have it. */
  readonly prefer?: string | undefined;
}

type Part = Readonly<Record<string, unknown>>;

/** A response that the document declares for the operation, always the same one. */
export const createMockResponses = (document: object, sampler: () => Promise<Sampler>) => {
  /** An object of the document, behind its reference if it is one. */
  const part = (value: unknown): Part => {
    const found = follow<unknown>(document, { value, path: [] })?.value;
    return typeof found === 'object' && found !== null ? (found as Part) : {};
  };

  const exampleOf = (owner: Part, name: string | undefined): unknown => {
    const examples = part(owner['examples']);
    const chosen = name === undefined ? Object.keys(examples)[0] : name;
    if (name === undefined && 'example' in owner) return owner['example'];
    return chosen === undefined ? undefined : part(examples[chosen])['value'];
  };

  const valueOf = async (owner: Part, name?: string): Promise<unknown> => {
    const example = exampleOf(owner, name);
    if (example !== undefined) return example;
    return owner['schema'] === undefined ? undefined : (await sampler()).sample(owner['schema']);
  };

  const headersOf = async (declared: Part): Promise<Record<string, string>> => {
    const headers: Record<string, string> = {};
    for (const [name, header] of Object.entries(declared)) {
      if (/^content-(type|length|encoding)$/i.test(name)) continue;
      const value = await valueOf(part(header));
      if (value !== undefined) headers[name.toLowerCase()] = headerText(value);
    }
    return headers;
  };

  return async (operation: unknown, { accept, prefer = '' }: Wishes): Promise<MockResponse> => {
    const responses = part(part(operation)['responses']);
    const [statusCode, declared] = chooseResponse(responses, prefer);
    const { content, headers = {} } = part(declared);
    const [type, media] = chooseMedia(part(content), accept);
    const ownHeaders = await headersOf(part(headers));
    if (type === undefined) return { statusCode, headers: ownHeaders, body: '' };
    const value = await valueOf(part(media), /example="?([\w.-]+)/.exec(prefer)?.[1]);
    return {
      statusCode,
      headers: { ...ownHeaders, 'content-type': concrete(type) },
      body: bodyText(type, value),
    };
  };
};

/** The preferred status, else the first success, else the first that is declared. */
const chooseResponse = (responses: Part, prefer: string): [status: number, response: unknown] => {
  const preferred = /code="?([1-5]\d\d)/.exec(prefer)?.[1];
  const codes = Object.keys(responses).toSorted();
  const code =
    preferred === undefined
      ? (codes.find((each) => each.startsWith('2')) ??
        codes.find((each) => each === 'default') ??
        codes[0])
      : [preferred, `${preferred[0]}XX`, 'default'].find((each) => each in responses);
  const status = Number(preferred ?? code?.replace(/XX$/i, '00'));
  return [status >= 200 ? status : 200, code === undefined ? undefined : responses[code]];
};

/** The type that the client prefers most (RFC 9110 §12.5.1), JSON before others; any if it accepts none. */
const chooseMedia = (content: Part, accept = '*/*'): [type?: string, media?: unknown] => {
  const ranges = accept.toLowerCase().split(',').map(readRange);
  const ranked = Object.entries(content).map(([type, media]) => {
    const qualities = ranges.map(({ matches, quality }) => (matches(concrete(type)) ? quality : 0));
    return { type, media, rank: 2 * Math.max(...qualities) + (isJson(type) ? 0.001 : 0) };
  });
  const [best] = ranked.toSorted((a, b) => b.rank - a.rank);
  return best === undefined ? [] : [best.type, best.media];
};

const readRange = (text: string) => {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
  return {
    quality: quality === undefined ? 1 : Number(quality) || 0,
    matches: (type: string): boolean =>
      range === '*/*' ||
      (range.endsWith('/*') ? type.startsWith(range.slice(0, -1)) : type.startsWith(range)),
  };
};

const isJson = (type: string): boolean => /[/+]json\b/i.test(type);

/** A range such as `image/*` is no type of a body. */
const concrete = (type: string): string =>
  type.endsWith('/*') ? (type === '*/*' ? 'application/json' : type.replace('*', 'plain')) : type;

const bodyText = (type: string, value: unknown): string => {
  if (isJson(concrete(type))) return JSON.stringify(value === undefined ? {} : value);
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const headerText = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replace(/[^\t -~]/g, '?');
