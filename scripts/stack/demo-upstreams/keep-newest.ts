/** Keeps a maximum number of entries and drops the oldest, so that a load test cannot fill the memory. */
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
