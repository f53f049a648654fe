import type { Access } from '../../../handler/src/contract.ts';

/** The roles of each alternative that a session alone satisfies. Empty if a session is not enough. */
export const sessionAlternatives = (access: Access): ReadonlyArray<readonly string[]> =>
  access.kind === 'public'
    ? []
    : access.alternatives.flatMap(({ session, ...others }) =>
        session === undefined || Object.keys(others).length > 0 ? [] : [session],
      );
