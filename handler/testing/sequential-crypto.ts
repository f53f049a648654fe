interface SequentialCrypto {
  readonly isBusy: () => boolean;
  restore(): void;
}

const works = ['importKey', 'sign', 'verify'] as const;

/**
 * WebCrypto works in other threads, which end in any order. Here one piece of work ends after the other, in the order
 * in which they were begun, so that what follows from them is the same each time.
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
