/** What is written to standard output and standard error while `act` runs; none of it comes out. */
export const mutedOutput = async <T>(
  act: (written: readonly string[]) => Promise<T>,
): Promise<T> => {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write.bind(stream));
  for (const stream of streams) {
    stream.write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  }
  try {
    return await act(written);
  } finally {
    streams.forEach((stream, index) => {
      const write = writes[index];
      if (write !== undefined) stream.write = write;
    });
  }
};
