import { matchOf } from '../../exchange.ts';
import { withoutHeaders } from '../../http/without-headers.ts';
import type { Feature } from '../../parts.ts';
import { credentialsIn } from './credentials-in.ts';

/**
 * Removes the password from requests of routes that one can sign in to by it, whichever credential was used: it is meant
 * for the gateway, and no upstream gets it.
 */
export const withoutPassword: Feature = () => ({
  before: ({ context: { exchange } }) => {
    const { access } = matchOf(exchange).route;
    if (access.kind === 'public' || !access.alternatives.some((each) => 'basic' in each)) return;
    const { request } = exchange;
    if (credentialsIn(request.headers['authorization']) === undefined) return;
    const headers = withoutHeaders(request.headers, (name) => name === 'authorization');
    exchange.request = { ...request, headers };
  },
});
