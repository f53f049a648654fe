/** What the process writes to standard output and standard error, until it is given back. */
export interface CapturedOutput {
  /** What was written since the last call. */
  take(): readonly string[];
  giveBack(): void;
}

export const captureOutput = (): CapturedOutput => {
  let written: string[] = [];
  const write = (text: string | Uint8Array): boolean => {
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
