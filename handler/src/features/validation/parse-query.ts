/** A query string's values by name, in their order; names decoded, values as they were written. */
export const parseQuery = (query: string): ReadonlyMap<string, readonly string[]> => {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const name = percentDecode(equals === -1 ? pair : pair.slice(0, equals));
    if (name === undefined || pair === '') continue;
    const value = equals === -1 ? '' : pair.slice(equals + 1);
    const earlier = values.get(name);
    if (earlier === undefined) values.set(name, [value]);
    else earlier.push(value);
  }
  return values;
};

/** As HTML forms write it, `+` for a space; undefined where it is no encoding of UTF-8 text. */
export const percentDecode = (text: string): string | undefined => {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};
