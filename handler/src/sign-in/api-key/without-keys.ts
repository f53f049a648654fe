import type { GatewayRequest } from '../../http/request.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
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
  return {
    ...request,
    cookies: request.cookies.filter(hasNone),
    query: request.query
      .split('&')
      .filter((parameter) => hasNone(decoded(parameter)))
      .join('&'),
    headers: withoutHeaders(request.headers, (_, value) => !hasNone(value)),
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
