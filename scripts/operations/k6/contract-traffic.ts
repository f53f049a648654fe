import type { LoadTestInput } from '../../../load-test/lib/input.ts';
import type { BuiltContract } from '../../stack/build/built-contract.ts';
import { type SafeRead, type SafeReads, readsForLoad, rolesFor, safeReads } from './safe-reads.ts';
import { type SessionDesk, signInUsers } from './sign-in-users.ts';
import { smokeCases } from './smoke-cases.ts';

/** What k6 is given to send, made from the contract, with the sessions to send it. */
export interface ContractTraffic extends SafeReads {
  readonly input: Pick<LoadTestInput, 'members' | 'smokeCases' | 'rateLimits'> & {
    readonly reads: readonly [SafeRead, ...SafeRead[]];
  };
  readonly signOut: () => Promise<void>;
}

/** Signs users in who may read what the contract lets them read. Throws a `CommandError` where that is nothing. */
export const contractTraffic = async (
  built: BuiltContract,
  desk: SessionDesk,
  lifetimeSeconds: number,
): Promise<ContractTraffic> => {
  const { contract } = built;
  const safe = safeReads(built);
  const reads = readsForLoad(safe);
  const users = await signInUsers(desk, rolesFor(safe.reads), lifetimeSeconds);
  const { members, stranger, signOut } = users;
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
