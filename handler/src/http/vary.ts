/** Adds a header that the response depends on to `Vary` (RFC 9110 §12.5.5). */
export const addVary = (headers: Record<string, string>, name: string): void => {
  const { vary } = headers;
  const names = vary?.split(',').map((each) => each.trim().toLowerCase()) ?? [];
  if (names.includes('*') || names.includes(name)) return;
  headers['vary'] = vary ? `${vary}, ${name}` : name;
};
