import type { Said } from './contract-part.ts';
import { durationSchema, readDuration } from './duration.ts';
import type { Path, Report } from './problem.ts';
import type { BreakerPolicy } from '../src/transport/circuit-breaker.ts';

/** Keys of upstreams that several kinds have. A kind lists those that it has. */
export const retriesKey = {
  type: 'integer',
  minimum: 0,
  maximum: 5,
  description: 'How often a request is sent again if that is safe; default 1.',
} as const;

export const breakerKey = {
  type: 'object',
  additionalProperties: false,
  description: 'Sends no requests for a while to an upstream that fails.',
  properties: {
    failures: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description:
        'How many consecutive failed requests open it; the retries of a request are counted once. Default 5.',
    },
    openFor: {
      ...durationSchema,
      description:
        'How long it stays open before one request is let through as a probe; default 10s.',
    },
  },
} as const;

export const sessionKey = {
  const: 'start',
  description:
    '`start` for the upstream that signs users in and out: only it may set the session cookies and send Clear-Site-Data.',
} as const;

export const readBreaker = (
  breaker: Said<typeof breakerKey> | undefined,
  upstream: Path,
  report: Report,
): BreakerPolicy => {
  const path = [...upstream, 'breaker', 'openFor'];
  const openForMs = readDuration(breaker?.openFor, { min: '1s', max: '1h' }, path, report);
  return { failures: breaker?.failures ?? 5, openSeconds: (openForMs ?? 10_000) / 1_000 };
};

/** The environment variable of an upstream: `UPSTREAM_PRICE_LISTS_SERVICE_URL`. */
export const upstreamVariable = (upstream: string, ending: 'SERVICE_URL' | 'ARN'): string =>
  `UPSTREAM_${upstream.toUpperCase().replaceAll('-', '_')}_${ending}`;
