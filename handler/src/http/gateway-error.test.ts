import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errorCodes, GatewayError } from './gateway-error.ts';

describe('the error codes', () => {
  it('are those of docs/errors.md, with the same statuses', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \|/gm)];
    const documented = rows.map(([, code, status]) => [code, Number(status)]);
    const real = Object.entries(errorCodes).map(([code, { status }]) => [code, status]);
    expect(documented).toEqual(real);
  });
});

describe('GatewayError', () => {
  it('takes status and title from its code, and keeps its cause', () => {
    const cause = new Error('inner');
    expect(new GatewayError('RATE_LIMITED', { detail: 'Later.', cause })).toMatchObject({
      status: 429,
      title: 'Too many requests',
      detail: 'Later.',
      headers: {},
      violations: [],
      cause,
    });
  });
});
