const isTerminal = process.stderr.isTTY;

/** Does one part of a command and tells of it on stderr with the time it took; stdout is kept for results. */
export const step = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  if (isTerminal) process.stderr.write(`  … ${title}`);
  const end = (mark: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const start = isTerminal ? '\r\u001b[2K' : '';
    process.stderr.write(`${start}  ${mark} ${title.padEnd(54)} ${seconds.padStart(6)} s\n`);
  };
  try {
    const result = await work();
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  }
};

/** A remark between the steps. */
export const note = (text: string): void => void process.stderr.write(`    ${text}\n`);
