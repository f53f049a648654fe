import {
  bodyText,
  chooseMedia,
  chooseResponse,
  concrete,
  exampleOf,
  headerText,
  isOwnHeader,
  objectIn,
  type Part,
} from '../../../handler/compiler/declared-response.ts';
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

/** A response that the document declares for the operation, always the same one. */
export const createMockResponses = (document: object, sampler: () => Promise<Sampler>) => {
  const part = (value: unknown): Part => objectIn(document, value);

  const valueOf = async (owner: Part, name?: string): Promise<unknown> => {
    const example = exampleOf(document, owner, name);
    if (example !== undefined) return example;
    return owner['schema'] === undefined ? undefined : (await sampler()).sample(owner['schema']);
  };

  const headersOf = async (declared: Part): Promise<Record<string, string>> => {
    const headers: Record<string, string> = {};
    for (const [name, header] of Object.entries(declared)) {
      if (!isOwnHeader(name)) continue;
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
