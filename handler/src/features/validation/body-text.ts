import { isAscii, isUtf8 } from 'node:buffer';
import { GatewayError } from '../../http/gateway-error.ts';
import type { MediaType } from './media-type.ts';

/** Throws 415 for a compressed body: its content cannot be checked. */
export const refuseEncoded = (encoding: string | undefined): void => {
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return;
  throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', {
    detail: 'Send the body without Content-Encoding.',
    headers: { 'accept-encoding': 'identity' },
  });
};

/**
 * What is wrong with bytes that are a text of this media type, if anything. Throws 415 for charsets other than UTF-8:
 * the service would read other values than the checked ones (UTF-7).
 */
export const wrongText = (
  bytes: Buffer,
  { parameters }: Pick<MediaType, 'parameters'>,
): string | undefined => {
  if (charsetOf(parameters) === 'us-ascii' && !isAscii(bytes)) return 'is not US-ASCII';
  return isUtf8(bytes) ? undefined : 'is not valid UTF-8';
};

/** The charset that the client states. UTF-8 in every other case. */
const charsetOf = (parameters: MediaType['parameters']): string => {
  // Readers that decode parameters by RFC 2231 read `charset*=` and `charset*0=` as a charset, too.
  const given = parameters.filter(([name]) => name === 'charset' || name.startsWith('charset*'));
  const [[name, value] = ['charset', 'utf-8'] as const] = given;
  const charset = value.toLowerCase();
  if (given.length > 1 || name !== 'charset' || !(charset === 'utf-8' || charset === 'us-ascii')) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', {
      detail: 'Send the body in UTF-8, with charset=utf-8 or without a charset in Content-Type.',
    });
  }
  return charset;
};
