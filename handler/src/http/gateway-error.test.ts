import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, errorCodes, GatewayError } from './gateway-error.ts';
import { defaultTypeBase, problemBody } from './problem-details.ts';

describe('the error codes', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');

  it('are those of docs/errors.md, with the same statuses', () => {
    const rows = [...page.matchAll(/^\| .*`([A-Z_]+)` \| (\d{3}) \|/gm)];
    const documented = rows.map(([, code, status]) => [code, Number(status)]);
    const real = Object.entries(errorCodes).map(([code, { status }]) => [code, status]);
    expect(documented).toEqual(real);
  });

  it.each(Object.keys(errorCodes) as ErrorCode[])(
    'the type of a problem with the code %s leads to the row of the code in docs/errors.md',
    (code) => {
      const error = new GatewayError(code, { detail: '' });
      const { type } = JSON.parse(problemBody(error, { typeBase: defaultTypeBase })) as {
        type: string;
      };
      expect(new URL(type).pathname).toMatch(/\/docs\/errors\.md$/);
      const id = new URL(type).hash.slice(1);
      expect(page.split('\n').filter((line) => line.includes(`id="${id}"`))).toEqual([
        expect.stringContaining(`\`${code}\``),
      ]);
    },
  );
});

describe('GatewayError', () => {
  it('has status and title of its code, and keeps its cause', () => {
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
