import { GatewayError } from './gateway-error.ts';

/**
 * Refuses a path that servers read in different ways, because each is a known bypass of a gateway's rules: dot
 * segments, also followed by a parameter or spaces (`..;x=1`, `.. `), empty inner segments, also with a parameter
 * (`;x=1`), backslashes and control characters.
 */
export const assertForwardablePath = (segments: readonly string[]): void => {
  for (const [index, segment] of segments.entries()) {
    const isEmptyInside = segment === '' && index < segments.length - 1;
    if (isEmptyInside || unsafeSegment.test(segment) || !segment.isWellFormed()) {
      throw new GatewayError('BAD_PATH', {
        detail:
          'Send a path without dot segments, double slashes, backslashes and control characters.',
      });
    }
  }
};

/** A dot segment or an empty one, with or without parameters (RFC 3986 §3.3), or a character that no path may hold. */
export const unsafeSegment = /^\.{1,2} *(?:;|$)|^;|[\\\u0000-\u001f\u007f]/;

/**
 * API Gateway decodes the path, so the client's own spelling is lost. Each segment is encoded again: characters that
 * RFC 3986 §3.3 allows in a segment (`pchar`) are unchanged, except `;`, at which some servers cut a segment.
 * Everything else is percent-encoded UTF-8.
 */
export const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment).replace(/%(?:24|26|2B|2C|3A|3D|40)/g, decodeURIComponent);

/** The request's own path, encoded again. */
export const encodePath = (segments: readonly string[]): string =>
  `/${segments.map(encodeSegment).join('/')}`;

/** The path of a rewrite: `{id}` always becomes one segment, `{rest+}` one or more. */
export const fillTemplate = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/\{([^{}+]+)(\+?)\}/g, (_, name: string, rest: string) => {
    const value = params[name] ?? '';
    return rest === '' ? encodeSegment(value) : value.split('/').map(encodeSegment).join('/');
  });

/** The query as the client sent it, except characters that are invalid in a request line (RFC 9112 §3). */
export const encodeQuery = (query: string): string =>
  query.replace(/[^\u0021-\u007e]+|#/g, (text) => encodeURIComponent(text.toWellFormed()));
