import type { GatewayResponse } from '../../http/response.ts';

/** 303: the browser goes on with GET, also after a form. */
export const redirect = (location: string, cookies: readonly string[]): GatewayResponse => ({
  statusCode: 303,
  headers: { location, 'cache-control': 'no-store' },
  cookies,
});
