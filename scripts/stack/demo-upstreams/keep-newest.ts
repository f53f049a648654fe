/** Holds at most so many entries: the oldest goes first, so that a load test cannot fill the memory. */
export const keepNewest = <T>(
  entries: Map<string, T>,
  key: string,
  value: T,
  maxEntries: number,
): void => {
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
};
