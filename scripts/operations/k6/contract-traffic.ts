import type { LoadTestInput, SmokeCase } from '../../../load-test/lib/input.ts';
import type { BuiltContract } from '../../stack/build/built-contract.ts';
import {
  readsForLoad,
  rolesFor,
  type SafeRead,
  type SafeReads,
  safeReads,
} from '../../stack/build/safe-reads.ts';
import { type Sessions, signInUsers } from '../sessions/open-sessions.ts';
import { createMatcher } from '../../../handler/src/pipeline/match.ts';
import type { Contract } from '../../../handler/src/contract.ts';

/** What k6 is given to send, made from the contract, with the sessions to send it. */
export interface ContractTraffic extends SafeReads {
  readonly input: Pick<LoadTestInput, 'members' | 'smokeCases' | 'rateLimits'> & {
    readonly reads: readonly [SafeRead, ...SafeRead[]];
  };
  readonly signOut: () => Promise<void>;
}

/** Signs in users with the roles for the readable routes of the contract. Throws a `CommandError` if there are none. */
export const contractTraffic = async (
  built: BuiltContract,
  sessions: Sessions,
  lifetimeSeconds: number,
): Promise<ContractTraffic> => {
  const { contract } = built;
  const safe = safeReads(built);
  const reads = readsForLoad(safe);
  const users = { lifetimeSeconds, members: 50 };
  const signedIn = await signInUsers(sessions, rolesFor(safe.reads), users);
  const { members, stranger, signOut } = signedIn;
  const tokens = { holder: members[0].token, stranger: stranger.token };
  return {
    ...safe,
    input: {
      members,
      reads,
      smokeCases: smokeCases(contract, safe.reads, tokens),
      rateLimits: contract.rateLimits,
    },
    signOut,
  };
};

interface Tokens {
  /** Holds each role that a read needs. */
  readonly holder: string;
  /** Holds a role that no route names. */
  readonly stranger: string;
}

/** 429 is also correct if the limit is shared with other callers of this address. */
const shared = 429;

/** Every kind of response that the contract has: each read, and each refusal of the gateway's own that needs no body. */
export const smokeCases = (
  { routes }: Contract,
  reads: readonly SafeRead[],
  { holder, stranger }: Tokens,
): readonly SmokeCase[] => {
  const match = createMatcher(routes);
  const signedIn = reads.find((read) => read.isSignedIn);
  const withRole = reads.find(
    ({ alternatives }) => alternatives?.every((roles) => roles.length > 0) ?? false,
  );
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
    // If a route accepts every path, no path is unknown.
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
