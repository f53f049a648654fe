import type { Route } from '../contract.ts';
import type { GatewayResponse } from './response.ts';

/** The address at which the request arrived. */
export interface Place {
  readonly route: Route;
  /** The part of public paths before the gateway's own, such as the stage; may be empty. */
  readonly basePath: string;
  /** The `X-Forwarded-Prefix` sent to the upstream. A path that begins with it is already public. */
  readonly prefix: string;
}

/**
 * Returns the response with the upstream's own URLs converted to public ones: in `Location`, `Content-Location`, and
 * the `Path` and `Domain` of cookies. References to other origins and relative references are unchanged.
 */
export type ToPublicUrls = <R extends GatewayResponse>(response: R, place: Place) => R;

/**
 * @param routes all routes of the contract, because a response may refer to the path of another route. Read only if
 * there is a URL to map.
 */
export const createToPublicUrls = (
  url: URL,
  upstream: string,
  routes: readonly Route[],
): ToPublicUrls => {
  const base = url.pathname.replace(/\/$/, '');
  const leadsHere = ({ target }: Route): boolean =>
    target.kind === 'http' && target.upstream === upstream;

  /**
   * The gateway's path for a path below the upstream's URL: by the request's own route, or by another one if it is the
   * only candidate.
   */
  const gatewayPath = (path: string, { route }: Place, isPrefix: boolean): string => {
    const own = inverseOf(route, path, isPrefix);
    if (own !== undefined) return own;
    const others = routes
      .filter(leadsHere)
      .flatMap((other) => inverseOf(other, path, isPrefix) ?? []);
    const [only, ...more] = new Set(others);
    return only !== undefined && more.length === 0 ? only : path;
  };

  const publicReference = (value: string, place: Place): string => {
    const [, scheme = '', authority, path = '', rest = ''] = reference.exec(value) ?? [];
    if (authority === undefined ? !path.startsWith('/') : !isHostOf(url, scheme, authority)) {
      return value;
    }
    if (place.prefix !== '' && isBelow(path, place.prefix)) return path + rest;
    if (!isBelow(path || '/', base || '/') || unsafe.test(path)) return value;
    const below = path.slice(base.length) || '/';
    return place.basePath + gatewayPath(below, place, false) + rest;
  };

  const publicCookie = (cookie: string, place: Place): string => {
    const [pair = '', ...attributes] = cookie.split(';');
    const isHostCookie = /^\s*__Host-/i.test(pair); // Browsers accept it only with `Path=/`.
    const mapped = attributes.flatMap((attribute) => {
      const [name = '', value = ''] = attribute.split(/=(.*)/s, 2).map((text) => text.trim());
      if (/^domain$/i.test(name)) {
        return value.replace(/^\./, '').toLowerCase() === url.hostname ? [] : [attribute];
      }
      if (!/^path$/i.test(name) || !value.startsWith('/') || isHostCookie) return [attribute];
      return [` ${name}=${publicCookiePath(value, place)}`];
    });
    return [pair, ...mapped].join(';');
  };

  const publicCookiePath = (path: string, place: Place): string => {
    if ((place.prefix !== '' && isBelow(path, place.prefix)) || unsafe.test(path)) return path;
    const root = place.basePath || '/';
    if (!isBelow(path, base || '/')) return isBelow(base, path) ? root : path;
    const below = gatewayPath(path.slice(base.length) || '/', place, true);
    return below === '/' ? root : place.basePath + below;
  };

  return (response, place) => {
    const { headers, cookies } = response;
    for (const name of ['location', 'content-location']) {
      const value = headers[name];
      if (value !== undefined) headers[name] = publicReference(value, place);
    }
    if (cookies === undefined || cookies.length === 0) return response;
    return { ...response, cookies: cookies.map((cookie) => publicCookie(cookie, place)) };
  };
};

/** RFC 3986 appendix B, for URLs that may be the upstream's own: scheme, authority, path, and the rest. */
const reference = /^(?:(https?:)?\/\/([^/?#]*))?([^?#]*)(.*)$/is;

/** A path that changes when it is resolved (RFC 3986 §5.2.4). */
const unsafe = /\/\.{1,2}(?:\/|$)|\\/;

/** With either scheme: TLS may end before the upstream, which then uses the other scheme. */
const isHostOf = (url: URL, scheme: string, authority: string): boolean => {
  const defaultPort = scheme.toLowerCase() === 'https:' ? ':443' : ':80';
  const host = authority.toLowerCase();
  return url.host === (host.endsWith(defaultPort) ? host.slice(0, -defaultPort.length) : host);
};

const isBelow = (path: string, ancestor: string): boolean =>
  path === ancestor || path.startsWith(ancestor.endsWith('/') ? ancestor : `${ancestor}/`);

/** The public path that a route maps to this upstream path. Undefined if the route does not, or not completely. */
const inverseOf = ({ path: template, target }: Route, path: string, isPrefix: boolean) => {
  if (target.kind !== 'http') return undefined;
  const params = paramsIn(segmentsOf(target.rewrite ?? template), segmentsOf(path), isPrefix);
  if (params === undefined) return undefined;
  if (target.rewrite === undefined) return path;
  const filled = segmentsOf(template).map((part) => {
    const name = nameIn(part);
    // A parameter that is a part of a segment is not worth the inversion.
    if (name === undefined) return part.includes('{') ? undefined : part;
    return params.get(name);
  });
  if (filled.includes(undefined)) return undefined;
  return `/${filled.filter((part) => part !== '').join('/')}`;
};

/** Without a slash at the end, which routes ignore. */
const segmentsOf = (path: string): readonly string[] => {
  const segments = path.split('/').slice(1);
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
};

const nameIn = (part: string): string | undefined => /^\{([^{}+]+)\+?\}$/.exec(part)?.[1];

const paramsIn = (
  template: readonly string[],
  segments: readonly string[],
  isPrefix: boolean,
): ReadonlyMap<string, string> | undefined => {
  const params = new Map<string, string>();
  for (const [index, part] of template.entries()) {
    const name = nameIn(part);
    if (name !== undefined && part.endsWith('+}')) {
      if (segments.length <= index && !isPrefix) return undefined;
      return params.set(name, segments.slice(index).join('/'));
    }
    const segment = segments[index];
    if (segment === undefined || segment === '') return undefined;
    if (name !== undefined) params.set(name, segment);
    else if (part !== segment && !part.includes('{')) return undefined;
  }
  return segments.length === template.length ? params : undefined;
};
