import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadContract } from '../../../handler/testing/load-contract.ts';

it('the smallest contract of the bench compiles, and its route needs no session and has no limit', async () => {
  const text = readFileSync(join(import.meta.dirname, 'smallest.yaml'), 'utf8');
  const { routes } = await loadContract(text);
  expect(routes.find(({ id }) => id === 'GET /api/v1/users/{user_id}')).toMatchObject({
    access: { kind: 'public' },
    target: { upstream: 'users' },
  });
  expect(JSON.stringify(routes)).not.toMatch(/windowSeconds/);
});
