/**
 * What signed-in callers ask for, in turn; change it together with `handler/gateway.yaml`. Public
 * routes are left out: their limit counts by address, and all of a load test comes from one.
 */
export const reads = [
  { path: '/api/v1/users', route: 'GET /api/v1/users' },
  { path: '/api/v1/users/alice', route: 'GET /api/v1/users/{user_id}' },
  { path: '/api/v1/products', route: 'GET /api/v1/products' },
  { path: '/api/v1/products/ulysses', route: 'GET /api/v1/products/{product_id}' },
] as const;
