import type { Caller } from '../../http/forwarded-headers.ts';
import type { GatewayResponse } from '../../http/response.ts';

/** Tells a page whose session its browser has. Without one, the pipeline has responded 401. */
export const describeSession = (caller: Caller | undefined): GatewayResponse => {
  if (caller === undefined || !('endsAtMs' in caller))
    throw new TypeError('The route of the session needs the sign-in method of sessions');
  const { userId, roles, endsAtMs } = caller;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({
      user_id: userId,
      roles,
      ends_at: new Date(Number(endsAtMs)).toISOString(),
    }),
  };
};
