import { secureUrl } from '../../openid/secure-url.ts';

/** A place where browsers may go after a sign-in. */
export interface ReturnPlace {
  /** Of another origin; undefined: of the gateway itself. */
  readonly origin: string | undefined;
  readonly path: string;
  /** Whether every path below it is meant, too. */
  readonly isPrefix: boolean;
}

/** Only tells the gateway's own paths from other origins. */
const own = 'https://gateway.invalid';

/** It is kept in a cookie. */
const maxChars = 512;

/** `/app`, `/app/*` or `https://app.example.com/*`. Undefined if it is something else. */
export const returnPlace = (text: string): ReturnPlace | undefined => {
  const url = urlOf(text);
  if (url === undefined || url.search || url.hash) return undefined;
  const isPrefix = url.pathname.endsWith('/*');
  if (text.slice(0, isPrefix ? -1 : undefined).includes('*')) return undefined;
  if (url.origin !== own && secureUrl(text) === undefined) return undefined;
  const path = isPrefix ? url.pathname.slice(0, -1) : url.pathname;
  return { origin: url.origin === own ? undefined : url.origin, path, isPrefix };
};

/**
 * Where a browser goes, as an absolute URL: what it asks for, if that is one of the places, or the first of them if it
 * asks for nothing. Undefined if it asks for something else. The URL is judged in the form in which browsers read it.
 */
export const returnUrl = (
  text: string | undefined,
  places: readonly ReturnPlace[],
  /** Of the gateway, without a slash at its end. */
  base: string,
): string | undefined => {
  if (text === undefined) {
    const [{ origin = base, path } = { path: '/' }] = places;
    return origin + path;
  }
  const url = urlOf(text);
  if (url === undefined) return undefined;
  const isOwn = url.origin === own;
  const isAllowed = places.some(
    ({ origin, path, isPrefix }) =>
      origin === (isOwn ? undefined : url.origin) &&
      (url.pathname === path || (isPrefix && `${url.pathname}/`.startsWith(path))),
  );
  return isAllowed
    ? `${isOwn ? base : url.origin}${url.pathname}${url.search}${url.hash}`
    : undefined;
};

/** Browsers read a backslash as a slash, and leave white space out. */
const isPlain = /^[!-[\]-~]+$/;

const urlOf = (text: string): URL | undefined => {
  if (text.length > maxChars || !isPlain.test(text)) return undefined;
  const isPath = text.startsWith('/') && !text.startsWith('//');
  if (!isPath && !/^https?:\/\/[^/]/.test(text)) return undefined;
  if (!URL.canParse(text, own)) return undefined;
  const url = new URL(text, own);
  const isOwn = url.origin === own;
  // `/.//host` is a path whose dot segment is removed, and `//host` what is left of it.
  if (isOwn !== isPath || url.pathname.startsWith('//') || url.username || url.password)
    return undefined;
  return url;
};
