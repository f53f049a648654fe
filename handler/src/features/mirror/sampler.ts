/**
 * Chooses a share of calls, in tenths of a percent: exactly one of each piece of the sequence that is as long as one
 * choice needs, at a random place in it. So the share is exact after any number of calls, and no pattern of them is
 * always chosen.
 *
 * @param random from 0 to below 1.
 */
export const createSampler = (permille: number, random: () => number): (() => boolean) => {
  let passed = 0;
  let next = random() * whole;
  return () => {
    passed += permille;
    if (passed <= next) return false;
    passed -= whole;
    next = random() * whole;
    return true;
  };
};

const whole = 1_000;
