/**
 * The better of `br` and `gzip` that a client accepts by its `Accept-Encoding` (RFC 9110 §12.5.3). Undefined if it accepts
 * none of them, or prefers the response as it is.
 */
export const preferredEncoding = (header: string | undefined): 'br' | 'gzip' | undefined => {
  if (header === undefined) return undefined;
  const weights = new Map<string, number>();
  for (const entry of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((each) => each.trim());
    const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
    const weight = quality === undefined ? 1 : Number(quality);
    if (name !== '' && weight >= 0 && weight <= 1) weights.set(name, weight);
  }
  const weightOf = (name: string): number => weights.get(name) ?? weights.get('*') ?? 0;
  const best = weightOf('gzip') > weightOf('br') ? 'gzip' : 'br';
  const unchanged = weights.get('identity') ?? 0;
  return weightOf(best) > 0 && weightOf(best) >= unchanged ? best : undefined;
};
