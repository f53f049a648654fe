let left = Infinity;

/** Called for each evaluation of a schema that refers back to itself. Throws `RangeError` above the limit that is set. */
export const countStep = (): void => {
  left -= 1;
  if (left < 0)
    throw new RangeError('the value is nested so deeply that judging it takes too long');
};

/**
 * Bounds what a value can cost: some schemas that refer back to themselves double the work with every level of the value,
 * and a few hundred bytes would take for ever. A value that meets each schema once for each of its parts is never refused.
 *
 * @param schemas how many schemas of the contract refer back to themselves.
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
