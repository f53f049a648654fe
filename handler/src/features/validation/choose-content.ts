import { GatewayError } from '../../http/gateway-error.ts';
import { parseMediaType } from './media-type.ts';
import type { BodySchema, ContentSchema } from './request-schema.ts';

export interface ChosenContent {
  readonly json: ContentSchema['json'];
  /** Where the client says so. UTF-8 in every other case. */
  readonly isAscii: boolean;
}

/**
 * What the contract says of a body of this `Content-Type`; 415 where it says nothing. Where a schema judges bodies as
 * JSON in UTF-8, no service may receive another charset: it would read other properties than were judged (UTF-7).
 */
export const chooseContent = (
  { content }: BodySchema,
  header: string | undefined,
): ChosenContent => {
  const exact = content.find(({ mediaType }) => mediaType === header);
  if (exact !== undefined) return { json: exact.json, isAscii: false };

  const parsed = parseMediaType(header ?? '');
  // A type that no grammar knows may still be JSON to a service.
  const type = parsed?.type ?? (isJudged(content) ? '' : typeAlone(header ?? ''));
  const found = content.find(({ mediaType }) => includes(mediaType, type));
  if (found === undefined || type === '') throw unsupported(content);
  if (found.json === undefined) return { json: undefined, isAscii: false };
  return { json: found.json, isAscii: charsetOf(parsed?.parameters ?? []) === 'us-ascii' };
};

const isJudged = (content: readonly ContentSchema[]): boolean =>
  content.some(({ json }) => json !== undefined);

const typeAlone = (header: string): string => header.split(';', 1).join().trim().toLowerCase();

/** A media range of RFC 9110 §12.5.1. */
const includes = (range: string, type: string): boolean =>
  range === type ||
  range === '*/*' ||
  (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));

const charsetOf = (parameters: ReadonlyArray<readonly [string, string]>): string => {
  // `charset*=` and `charset*0=` are one charset, too, to readers that decode parameters by RFC 2231.
  const given = parameters.filter(([name]) => name === 'charset' || name.startsWith('charset*'));
  const [[name, value] = ['charset', 'utf-8'] as const] = given;
  const charset = value.toLowerCase();
  if (given.length > 1 || name !== 'charset' || !(charset === 'utf-8' || charset === 'us-ascii')) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', {
      detail: 'Send JSON in UTF-8, with charset=utf-8 or without a charset in Content-Type.',
    });
  }
  return charset;
};

const unsupported = (content: readonly ContentSchema[]): GatewayError => {
  const accepted = content.map(({ mediaType }) => mediaType).join(', ');
  return new GatewayError('UNSUPPORTED_MEDIA_TYPE', {
    detail: `Send the body as ${accepted} and name that type in Content-Type.`,
    // RFC 9110 §12.5.1: in a response, what the resource takes.
    headers: { accept: accepted },
  });
};
