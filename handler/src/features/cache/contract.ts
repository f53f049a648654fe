import { literal } from '../../../compiler/code.ts';
import { contractPart, type PlannedRoute } from '../../../compiler/contract-part.ts';
import { readDuration } from '../../../compiler/duration.ts';
import { purgesKey } from '../../stores/cache/purge-list.ts';
import type { CachePlan } from './cache-key.ts';
import { cache } from './compile/cache-setting.ts';
import { planCache } from './compile/plan-cache.ts';

export default contractPart({
  folder: 'features/cache',
  route: {
    cache: {
      if: { const: false },
      else: cache,
      default: false,
      description:
        'Responses of GET are stored and used again (RFC 9111). Operations of GET have it.',
    },
  },
  compile: ({ document, routes, everywhere, report, warn }) => {
    for (const { value, path } of everywhere('cache'))
      if (value !== false)
        readDuration(value.ttl, { min: '1s', max: '30d' }, [...path, 'ttl'], report);
    const byRoute = new Map<string, CachePlan>();
    for (const route of routes) {
      const plan = planCache(document, route, { report, warn });
      if (plan !== undefined) byRoute.set(route.plan.id, plan);
    }
    if (byRoute.size === 0) return () => ({});
    const isInTable = [...byRoute.values()].some((plan) => plan.isInTable);
    const changing = new Set(
      routes.filter((route) => changesCached(route, byRoute)).map(({ plan }) => plan.id),
    );
    return ({ use, useStore }) => ({
      feature: use('cache', 'cache.ts'),
      aroundUpstreams: use('withCache', 'cache.ts'),
      stores: {
        cachePurges: useStore('dynamoDbCachePurges', 'cache/dynamodb-purges.ts'),
        ...(isInTable && {
          cachedResponses: useStore('dynamoDbCachedResponses', 'cache/dynamodb-responses.ts'),
        }),
      },
      permissions: [
        isInTable
          ? { store: 'cache', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] }
          : { store: 'cache', leadingKeys: [purgesKey], actions: ['dynamodb:GetItem'] },
      ],
      route: (id) => {
        const plan = byRoute.get(id);
        return {
          ...(plan && { cache: literal(plan) }),
          ...(changing.has(id) && { changesCached: 'true' }),
        };
      },
      responses: (id) =>
        byRoute.has(id)
          ? {
              errors: ['NOT_CACHED'],
              headers: {
                'Cache-Status': {
                  description: 'How the cache handled the request (RFC 9211)',
                  schema: { type: 'string' },
                },
                Age: {
                  description:
                    'Seconds since the service sent the response, if it is from the cache',
                  schema: { type: 'integer' },
                },
              },
            }
          : {},
    });
  },
});

/** Whether a request by this route may change what the table has for its path. */
const changesCached = (
  { plan: { method, path } }: PlannedRoute,
  byRoute: ReadonlyMap<string, CachePlan>,
): boolean =>
  method !== 'GET' && method !== 'OPTIONS' && byRoute.get(`GET ${path}`)?.isInTable === true;
