import type { Validate } from '../../contract.ts';

/** A validator that is made when a request first needs it: a large contract has hundreds. */
export const onFirstUse = (make: () => Validate): Validate => {
  let validate: Validate | undefined;
  return (subject) => (validate ??= make())(subject);
};
