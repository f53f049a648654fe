import { describe, expect, it } from '@jest/globals';
import { believedHeaders } from '../../testing/hostile/believed-headers.ts';
import { isWithheld } from './withheld-headers.ts';

const gatewaysOwn =
  'content-length cookie host traceparent tracestate via x-amzn-trace-id x-request-id x-user-id x-user-roles';

describe('isWithheld', () => {
  it.each([
    ['the gateway’s own', [...gatewaysOwn.split(' '), 'x-forwarded-anything']] as const,
    ...Object.entries(believedHeaders),
  ])('withholds headers for %s, in any spelling', (_, names) => {
    for (const name of names) {
      expect([name, isWithheld(name)]).toEqual([name, true]);
      expect([name, isWithheld(name.replaceAll('-', '_'))]).toEqual([name, true]);
    }
  });

  it.each(['content-encoding', 'content-type', 'idempotency-key'])(
    'withholds %s in any spelling except its own, which was checked',
    (name) => {
      expect(isWithheld(name)).toBe(false);
      expect(isWithheld(name.replace('-', '_'))).toBe(true);
    },
  );

  it.each([
    'accept',
    'range',
    'x-anything',
    'my-x-forwarded-for',
    'x-user',
    // The client's own credentials and data, which a service checks or needs.
    'x-api-key',
    'x-auth-token',
    'x-auth-key',
    'x-access-token',
    'x-id-token',
    'x-user-email',
    'x-user-token',
    'x-user-agent',
    'x-csrf-token',
    'x-requested-with',
    'x-amz-date',
    'x-amz-security-token',
    'x-goog-api-key',
    'x-ms-version',
    'x-ms-date',
    'x-client-id',
    'x-client-version',
    'cf-ray',
    'cloudfront-viewer-country',
    'x-hasura-role',
    'impersonate-user',
    'authorization',
    'origin',
    'referer',
    'sec-websocket-key',
    'x',
    '',
  ])('forwards the header %j', (name) => {
    expect(isWithheld(name)).toBe(false);
  });
});
