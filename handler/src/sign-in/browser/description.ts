import { GatewayError } from '../../http/gateway-error.ts';
import { type Description, type Provider, reasonOf } from '../../openid/provider.ts';

/** The provider's description of itself. Throws IDENTITY_PROVIDER_UNAVAILABLE. */
export type Describe = (deadlineMs: number) => Promise<Description>;

const minuteMs = 60_000;

/** A description is used for this long without another read … */
const freshMs = 10 * minuteMs;

/** … and for this long if the provider cannot be read. */
const usableMs = 24 * 60 * minuteMs;

/** Reads the description when it is first needed, and again when it is old. */
export const createDescribe = (
  provider: Pick<Provider, 'describe'>,
  now: () => number,
): Describe => {
  let held: { readonly description: Description; readonly readAtMs: number } | undefined;
  return async (deadlineMs) => {
    const readAtMs = now();
    if (held !== undefined && readAtMs - held.readAtMs < freshMs) return held.description;
    try {
      held = { description: await provider.describe(deadlineMs), readAtMs };
      return held.description;
    } catch (error) {
      if (held !== undefined && readAtMs - held.readAtMs < usableMs) return held.description;
      throw unavailable(error);
    }
  };
};

export const unavailable = (cause: unknown): GatewayError =>
  new GatewayError('IDENTITY_PROVIDER_UNAVAILABLE', {
    detail: 'Try again later.',
    headers: { 'retry-after': '5' },
    note: reasonOf(cause),
    cause,
  });
