import { GatewayError } from '../../http/gateway-error.ts';
import { type MediaType, parseMediaType } from './media-type.ts';
import type { BodySchema, ContentSchema } from './request-schema.ts';

/** The contract's rules for a body of this `Content-Type`, with the type as stated; 415 if there are none. */
export const chooseContent = (
  { content }: BodySchema,
  header: string | undefined,
): MediaType & Pick<ContentSchema, 'check'> => {
  const exact = content.find(({ mediaType }) => mediaType === header);
  if (exact !== undefined) return { check: exact.check, type: exact.mediaType, parameters: [] };

  const parsed = parseMediaType(header ?? '');
  // A service may still read an invalid type as JSON.
  const type = parsed?.type ?? (isJudged(content) ? '' : typeAlone(header ?? ''));
  const found = content.find(({ mediaType }) => includes(mediaType, type));
  if (found === undefined || type === '') throw unsupported(content);
  return { check: found.check, type, parameters: parsed?.parameters ?? [] };
};

const isJudged = (content: readonly ContentSchema[]): boolean =>
  content.some(({ check }) => check !== undefined);

const typeAlone = (header: string): string => header.split(';', 1).join().trim().toLowerCase();

/** A media range of RFC 9110 §12.5.1. */
export const includes = (range: string, type: string): boolean =>
  range === type ||
  range === '*/*' ||
  (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));

const unsupported = (content: readonly ContentSchema[]): GatewayError => {
  const accepted = content.map(({ mediaType }) => mediaType).join(', ');
  return new GatewayError('UNSUPPORTED_MEDIA_TYPE', {
    detail: `Send the body as ${accepted} and name that type in Content-Type.`,
    // RFC 9110 §12.5.1: in a response, the types that the resource accepts.
    headers: { accept: accepted },
  });
};
