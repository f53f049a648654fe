/** Captures what the process writes to standard output and standard error, until it is released. */
export interface CapturedOutput {
  /** What was written since the last call. */
  take(): readonly string[];
  giveBack(): void;
}

export const captureOutput = (beforeWrite = (): void => undefined): CapturedOutput => {
  let written: string[] = [];
  const write = (text: string | Uint8Array): boolean => {
    beforeWrite();
    written.push(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'));
    return true;
  };
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => Object.getOwnPropertyDescriptor(stream, 'write'));
  for (const stream of streams) {
    Object.defineProperty(stream, 'write', { value: write, configurable: true, writable: true });
  }
  return {
    take: () => {
      const taken = written;
      written = [];
      return taken;
    },
    giveBack: () => {
      for (const [index, stream] of streams.entries()) {
        const original = originals[index];
        if (original === undefined) Reflect.deleteProperty(stream, 'write');
        else Object.defineProperty(stream, 'write', original);
      }
    },
  };
};

/** The JSON lines that `act` writes. `broken` makes every write throw, as a closed pipe does. */
export const standardOutput = (act: () => void, { broken = false } = {}): unknown[] => {
  const output = captureOutput(() => {
    if (broken) throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  });
  try {
    act();
    return output.take().map((line) => JSON.parse(line) as unknown);
  } finally {
    output.giveBack();
  }
};
