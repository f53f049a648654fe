import type { Route } from '../../../handler/src/contract.ts';
import { createMatcher } from '../../../handler/src/pipeline/match.ts';
import { healthPath } from './built-in-path.ts';
import { sessionAlternatives } from './session-alternatives.ts';

/** One request whose response must match the contract. */
export interface Probe {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What it tries, such as `GET /api/v1/users without a token`. */
  readonly name: string;
  /** Absent: it depends on the service. */
  readonly expected?: { readonly status: number; readonly code?: string };
}

/** Tokens of sessions made for the check. */
export interface ProbeTokens {
  /** Holds each role of the contract. */
  readonly holder: string;
  /** Holds a role that no route names. */
  readonly stranger: string;
  readonly forged: string;
}

/**
 * Every route, by requests that change nothing at any service: without a token, with a role too few, and where it is
 * read, as an authorized user. So routes that write are only tested up to the gateway's own refusals.
 */
export const planProbes = (routes: readonly Route[], tokens: ProbeTokens): readonly Probe[] => [
  ...unknownPath(routes),
  {
    name: 'a wrong method',
    ...request('DELETE', healthPath(routes)),
    expected: { status: 405, code: 'METHOD_NOT_ALLOWED' },
  },
  ...routes.flatMap((route) => probesOf(route, tokens)),
];

/** If a route accepts every path, none is unknown. */
function unknownPath(routes: readonly Route[]): Probe[] {
  const path = '/check/nowhere';
  if (createMatcher(routes)('GET', path.split('/').slice(1)).kind !== 'not-found') return [];
  return [
    {
      name: 'an unknown path',
      ...request('GET', path),
      expected: { status: 404, code: 'ROUTE_NOT_FOUND' },
    },
  ];
}

function probesOf(route: Route, tokens: ProbeTokens): Probe[] {
  const { id, method, access, target } = route;
  const path = filledIn(route.path);
  const isRead = method === 'GET' || method === 'HEAD';
  // What a service responds depends on the service.
  const expected = target.kind === 'built-in' ? { expected: { status: 200 } } : {};
  if (access.kind === 'public') {
    return isRead ? [{ name: id, ...request(method, path), ...expected }] : [];
  }
  const withoutToken: Probe = {
    name: `${id} without a token`,
    ...request(method, path),
    expected: { status: 401, code: 'CREDENTIALS_MISSING' },
  };
  const alternatives = sessionAlternatives(access);
  if (alternatives.length === 0) return [withoutToken];
  return [
    withoutToken,
    {
      name: `${id} with a forged token`,
      ...request(method, path, tokens.forged),
      expected: { status: 401, code: 'CREDENTIALS_INVALID' },
    },
    ...(alternatives.some((roles) => roles.length === 0)
      ? []
      : [
          {
            name: `${id} without the role`,
            ...request(method, path, tokens.stranger),
            expected: { status: 403, code: 'ACCESS_DENIED' },
          },
        ]),
    ...(isRead ? [{ name: id, ...request(method, path, tokens.holder), ...expected }] : []),
  ];
}

function request(method: string, path: string, token?: string) {
  return {
    method,
    path,
    headers: {
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  };
}

/** Parameters refer to resources that no service has. */
const filledIn = (template: string): string => template.replace(/\{[^}]+\}/g, 'release-check');

/** Every role that a route names. */
export const rolesOf = (routes: readonly Route[]): readonly string[] => [
  ...new Set(routes.flatMap(({ access }) => sessionAlternatives(access).flat())),
];
