import { createMatcher } from '../../../handler/src/pipeline/match.ts';
import type { Contract } from '../../../handler/src/contract.ts';
import type { SmokeCase } from '../../../load-test/lib/input.ts';
import type { SafeRead } from './safe-reads.ts';

interface Tokens {
  /** Holds each role that a read needs. */
  readonly holder: string;
  /** Holds a role that no route names. */
  readonly stranger: string;
}

/** 429 is right too where the limit is shared with anyone who calls from this address. */
const shared = 429;

/** Every kind of response that the contract has: each read, and each refusal of the gateway's own that needs no body. */
export const smokeCases = (
  { routes }: Contract,
  reads: readonly SafeRead[],
  { holder, stranger }: Tokens,
): readonly SmokeCase[] => {
  const match = createMatcher(routes);
  const signedIn = reads.find((read) => read.isSignedIn);
  const withRole = reads.find(({ anyRoleOf = [] }) => anyRoleOf.length > 0);
  const isUnknown = match('GET', unknownPath.split('/').slice(1)).kind === 'not-found';
  return [
    ...reads.map((read) => ({
      name: read.route,
      ...request(read, read.isSignedIn ? holder : undefined),
      statuses: isShared(read) ? [200, shared] : [200],
    })),
    ...(signedIn === undefined
      ? []
      : [{ name: 'without a token', ...request(signedIn), statuses: [401, shared] }]),
    ...(withRole === undefined
      ? []
      : [{ name: 'without the role', ...request(withRole, stranger), statuses: [403, shared] }]),
    // Where a route takes every path, no path is unknown.
    ...(isUnknown
      ? [{ name: 'an unknown path', ...request({ path: unknownPath }), statuses: [404, shared] }]
      : []),
    {
      name: 'a wrong method',
      ...request({ path: '/health' }),
      method: 'DELETE',
      statuses: [405, shared],
    },
  ];
};

const unknownPath = '/smoke-test/nowhere';

const isShared = ({ limitedBy }: SafeRead): boolean =>
  limitedBy === 'address' || limitedBy === 'route';

const request = (
  { path, headers = {} }: { readonly path: string; readonly headers?: SafeRead['headers'] },
  token?: string,
) => ({
  method: 'GET',
  path,
  headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
});
