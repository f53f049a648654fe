import { mock } from 'node:test';

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
  const mocks = [process.stdout, process.stderr].map((stream) =>
    mock.method(stream, 'write', write),
  );
  return {
    take: () => {
      const taken = written;
      written = [];
      return taken;
    },
    giveBack: () => {
      for (const each of mocks) each.mock.restore();
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
