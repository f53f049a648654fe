import type { RoutePlan } from './plan.ts';

const builtIn = (
  name: 'health' | 'ready' | 'openapi',
  path: string,
): Omit<RoutePlan, 'rateLimits'> => ({
  id: `GET ${path}`,
  method: 'GET',
  path,
  access: { kind: 'public' },
  target: { kind: 'built-in', name },
  maxBodyBytes: 0,
});

/** What every gateway answers for itself. */
export const builtInRoutes = [
  builtIn('health', '/health'),
  builtIn('ready', '/health/ready'),
  builtIn('openapi', '/openapi.json'),
];

/** `/health` says only that the function runs and must always do so; the others are limited like any public route. */
export const planBuiltInRoutes = (defaultRateLimits: readonly string[]): RoutePlan[] =>
  builtInRoutes.map((route) => ({
    ...route,
    rateLimits: route.path === '/health' ? [] : defaultRateLimits,
  }));
