let left = Infinity;

/** Called for each evaluation of a schema that refers back to itself. Throws `RangeError` above the limit. */
export const countStep = (): void => {
  left -= 1;
  if (left < 0)
    throw new RangeError('the value is nested so deeply that judging it takes too long');
};

/**
 * Limits the cost of a value: some schemas that refer back to themselves double the work with every level of the value,
 * so a few hundred bytes would take years. A value whose parts evaluate each schema once is never refused.
 *
 * @param schemas the number of schemas of the contract that refer back to themselves.
 */
export const stepLimit =
  (schemas: number) =>
  <T>(bytes: number, work: () => T): T => {
    left = 10_000 + (schemas + 1) * bytes;
    try {
      return work();
    } finally {
      left = Infinity;
    }
  };
