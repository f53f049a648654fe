/** The values of a query string by name, in their order. Names are decoded, values are not. */
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

/** Decodes as HTML forms encode, with `+` for a space. Undefined if the text is not valid UTF-8. */
export const percentDecode = (text: string): string | undefined => {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};
