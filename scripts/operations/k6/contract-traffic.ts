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
import { planProbes } from '../../stack/build/plan-probes.ts';
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

/** Every read, and one of each refusal of the gateway's own. */
export const smokeCases = (
  { routes }: Contract,
  reads: readonly SafeRead[],
  tokens: Tokens,
): readonly SmokeCase[] => {
  const refusals = new Map<number, SmokeCase>();
  for (const { expected, ...probe } of planProbes(routes, { ...tokens, forged: '' })) {
    const { status = 200 } = expected ?? {};
    if (status < 400 || refusals.has(status)) continue;
    refusals.set(status, { ...probe, statuses: [status, shared] });
  }
  return [
    ...reads.map(({ route: name, path, headers, isSignedIn, limitedBy }) => ({
      ...{ name, method: 'GET', path },
      headers: { ...headers, ...(isSignedIn && { authorization: `Bearer ${tokens.holder}` }) },
      statuses: limitedBy === 'address' || limitedBy === 'route' ? [200, shared] : [200],
    })),
    ...refusals.values(),
  ];
};
