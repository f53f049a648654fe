import type { RoutePlan } from './plan.ts';

const builtIn = (name: 'health' | 'ready' | 'openapi' | 'yaml', path: string): RoutePlan => ({
  id: `GET ${path}`,
  method: 'GET',
  path,
  access: { kind: 'public' },
  target: { kind: 'built-in', name },
  maxBodyBytes: 0,
});

/** Routes that every gateway itself responds to. */
export const builtInRoutes = [
  builtIn('health', '/health'),
  builtIn('ready', '/health/ready'),
  builtIn('openapi', '/openapi.json'),
  builtIn('yaml', '/openapi.yaml'),
];
