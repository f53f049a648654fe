interface SequentialCrypto {
  readonly isBusy: () => boolean;
  restore(): void;
}

const works = ['importKey', 'sign', 'verify'] as const;

/**
 * WebCrypto uses other threads, which end in any order. Here, operations end in the order in which they started, so
 * that results are reproducible.
 */
export const sequentialCrypto = (): SequentialCrypto => {
  const { subtle } = globalThis.crypto;
  let last: Promise<unknown> = Promise.resolve();
  let pending = 0;
  for (const name of works) {
    const work = subtle[name].bind(subtle) as (...input: unknown[]) => Promise<unknown>;
    const inTurn = (...input: unknown[]): Promise<unknown> => {
      pending += 1;
      const done = last.then(() => work(...input)).finally(() => (pending -= 1));
      last = done.catch(() => undefined);
      return done;
    };
    Object.defineProperty(subtle, name, { value: inTurn, configurable: true });
  }
  return {
    isBusy: () => pending > 0,
    restore: () => works.forEach((name) => Reflect.deleteProperty(subtle, name)),
  };
};
