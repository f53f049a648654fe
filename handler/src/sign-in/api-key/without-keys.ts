import type { GatewayRequest } from '../../http/request.ts';
import type { Feature } from '../../parts.ts';
import { holdsKey } from './api-key.ts';

/**
 * Removes keys from the request after the sign-in, wherever they are and whatever the route's sign-in method is: no
 * plugin, parameter or upstream gets one.
 */
export const withoutKeys =
  (prefixes: readonly string[]): Feature =>
  () => ({
    before: ({ context: { exchange } }) => {
      exchange.request = withoutKeysIn(exchange.request, prefixes);
    },
  });

const withoutKeysIn = (request: GatewayRequest, prefixes: readonly string[]): GatewayRequest => {
  const hasNone = (text: string): boolean => !holdsKey(text, prefixes);
  const { headers, cookies, query } = request;
  const named = Object.entries(headers);
  const kept = named.filter(([, value]) => hasNone(value));
  return {
    ...request,
    cookies: cookies.every(hasNone) ? cookies : cookies.filter(hasNone),
    query:
      query === ''
        ? query
        : query
            .split('&')
            .filter((parameter) => hasNone(decoded(parameter)))
            .join('&'),
    headers:
      kept.length === named.length
        ? headers
        : Object.assign(Object.create(null) as object, Object.fromEntries(kept)),
  };
};

/** What is not valid UTF-8 is searched as it is. */
const decoded = (parameter: string): string => {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
};
