import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { Route } from '../../../handler/src/contract.ts';
import { terraformFolder } from '../command-line/folders.ts';
import { serviceBehind } from './service-behind.ts';

const route = (path: string, target: Route['target']): Route => ({
  id: `GET ${path}`,
  method: 'GET',
  path,
  target,
  access: { kind: 'public' },
  rateLimits: [],
  maxBodyBytes: 1,
  validate: undefined,
});

const users = { kind: 'upstream', upstream: 'users', rewrite: '/v2/users', timeoutMs: 1 } as const;

describe('the service behind a path', () => {
  const named = serviceBehind(
    { routes: [route('/users', users), route('/health', { kind: 'built-in', name: 'health' })] },
    { upstream_service_urls: { users: 'https://users.internal.example.com:8443' } },
    join(terraformFolder, 'environments', 'dev.tfvars'),
  );

  it('is named with the address that the gateway dials, and where to change it', () => {
    expect(named('/users')).toBe(
      'the service "users" at https://users.internal.example.com:8443 ' +
        '(upstream_service_urls in terraform/environments/dev.tfvars)',
    );
  });

  it('is not named where the path leads to none', () => {
    expect(named('/health')).toBe('the service behind it');
    expect(named('/nothing')).toBe('the service behind it');
  });
});
