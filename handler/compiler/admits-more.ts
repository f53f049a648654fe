import type { Access, Requirement } from '../src/contract.ts';

/** Whether every caller who satisfies the one satisfies the other. */
export const implies = (one: Requirement, other: Requirement): boolean =>
  Object.entries(other).every(([method, roles = []]) => {
    const held: readonly string[] | undefined = one[method as keyof Requirement];
    return held !== undefined && roles.every((role) => held.includes(role));
  });

/** Whether a caller may use what has the one access, but not what has the other. */
export const admitsMore = (one: Access, other: Access): boolean => {
  if (other.kind === 'public') return false;
  if (one.kind === 'public') return true;
  return one.alternatives.some(
    (alternative) => !other.alternatives.some((needed) => implies(alternative, needed)),
  );
};
