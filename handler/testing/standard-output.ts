import { jest } from '@jest/globals';

/** The JSON lines that `act` writes to standard output or standard error. `broken` makes every write throw, as a closed pipe does. */
export const standardOutput = (act: () => void, { broken = false } = {}): unknown[] => {
  const lines: string[] = [];
  const write = (text: string | Uint8Array): boolean => {
    if (broken) throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    lines.push(String(text));
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation(write),
  );
  try {
    act();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return lines.map((line) => JSON.parse(line) as unknown);
};
