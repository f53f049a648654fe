import { GatewayError } from '../../http/gateway-error.ts';
import { parseMediaType } from './media-type.ts';
import type { BodySchema, ContentSchema } from './request-schema.ts';

export interface ChosenContent {
  readonly json: ContentSchema['json'];
  /** The charset that the client states. UTF-8 in every other case. */
  readonly isAscii: boolean;
}

/**
 * The contract's rules for a body of this `Content-Type`; 415 if there are none. If a schema checks bodies as JSON in
 * UTF-8, other charsets are refused: the service would read other properties than the checked ones (UTF-7).
 */
export const chooseContent = (
  { content }: BodySchema,
  header: string | undefined,
): ChosenContent => {
  const exact = content.find(({ mediaType }) => mediaType === header);
  if (exact !== undefined) return { json: exact.json, isAscii: false };

  const parsed = parseMediaType(header ?? '');
  // A service may still read an invalid type as JSON.
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
  // Readers that decode parameters by RFC 2231 read `charset*=` and `charset*0=` as a charset, too.
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
    // RFC 9110 §12.5.1: in a response, the types that the resource accepts.
    headers: { accept: accepted },
  });
};
