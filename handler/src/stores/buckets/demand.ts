/** The recent request rate: the count of the last second plus a decreasing part of the second before. */
export interface Demand {
  /** Counts one more and returns the rate per second. */
  note(nowMicros: number): number;
}

const secondMicros = 1e6;

export const createDemand = (): Demand => {
  let startMicros = Number.NEGATIVE_INFINITY;
  let current = 0;
  let previous = 0;
  return {
    note: (nowMicros) => {
      const elapsedMicros = nowMicros - startMicros;
      if (elapsedMicros >= secondMicros || elapsedMicros < 0) {
        const isNext = elapsedMicros >= secondMicros && elapsedMicros < 2 * secondMicros;
        previous = isNext ? current : 0;
        startMicros = isNext ? startMicros + secondMicros : nowMicros;
        current = 0;
      }
      current += 1;
      const ofPrevious = 1 - (nowMicros - startMicros) / secondMicros;
      return current + previous * ofPrevious;
    },
  };
};
