import { contractPart } from '../../../compiler/contract-part.ts';
import { durationSchema, readDuration } from '../../../compiler/duration.ts';
import { nearestSetting } from '../../../compiler/sections.ts';

export default contractPart({
  folder: 'features/idempotency',
  route: {
    idempotency: {
      if: { const: false },
      else: {
        type: 'object',
        additionalProperties: false,
        required: ['ttl'],
        properties: {
          ttl: {
            ...durationSchema,
            description: 'How long a key is remembered, from 1m to 30d.',
            examples: ['24h'],
          },
        },
      },
      default: false,
      description:
        'A request with an `Idempotency-Key` is carried out once; a repeated one gets the response of the first. Operations of POST and PATCH with a sign-in have it.',
    },
  },
  compile: ({ document, routes, nearest, everywhere, report }) => {
    const ttls = new Map<unknown, number>();
    for (const { value, path } of everywhere('idempotency')) {
      if (value === false) continue;
      const range = { min: '1m', max: '30d' };
      ttls.set(value, readDuration(value.ttl, range, [...path, 'ttl'], report) ?? 0);
    }
    const byRoute = new Map<string, number>();
    for (const { plan, operation } of routes) {
      const found = operation && nearest(operation, 'idempotency');
      if (operation === undefined || found === undefined || found.value === false) continue;
      const isOwn = found.path[0] === 'paths' && found.path.length === ownDepth;
      if (!repeatable.has(plan.method)) {
        if (isOwn)
          report(
            found.path,
            `${plan.method} has the same effect however often it is sent, so a key is of no use — remove "idempotency"`,
            'key',
          );
      } else if (plan.access.kind === 'public') {
        if (isOwn)
          report(
            found.path,
            'a public operation has no caller whose keys these are, and could show one client the response of another — remove "idempotency", or add "security"',
            'key',
          );
      } else {
        byRoute.set(plan.id, (ttls.get(found.value) ?? 0) / 1_000);
        const changed = nearestSetting(document, operation)('transform');
        const { request } = (changed?.value ?? {}) as { readonly request?: { query?: unknown } };
        if (changed !== undefined && /\$request\.id\b/.test(JSON.stringify(request?.query) ?? ''))
          report(
            [...changed.path, 'request', 'query'],
            `${plan.id} has "idempotency": with $request.id in its query, no repeated request is equal to the first — send the id in a header`,
          );
      }
    }
    if (byRoute.size === 0) return () => ({});
    return ({ use, useStore }) => ({
      aroundUpstreams: use('withIdempotency', 'idempotency.ts'),
      stores: {
        idempotency: useStore('dynamoDbIdempotency', 'idempotency/dynamodb-idempotency.ts'),
      },
      permissions: [{ store: 'idempotency', actions: ['dynamodb:UpdateItem'] }],
      route: (id) => {
        const ttlSeconds = byRoute.get(id);
        return ttlSeconds === undefined ? {} : { idempotency: `{ttlSeconds:${ttlSeconds}}` };
      },
      responses: (id) =>
        byRoute.has(id)
          ? {
              errors: [
                'BAD_REQUEST',
                'IDEMPOTENCY_IN_PROGRESS',
                'IDEMPOTENCY_OUTCOME_UNKNOWN',
                'IDEMPOTENCY_KEY_REUSED',
                'IDEMPOTENCY_STORE_UNAVAILABLE',
              ],
              headers: {
                'Idempotent-Replayed': {
                  description: 'true: the response of an earlier request with the same key',
                  schema: { type: 'string' },
                },
              },
            }
          : {},
    });
  },
});

/** `paths`, the path, the method, `x-postern`, `idempotency`. */
const ownDepth = 5;

/** RFC 9110 §9.2.2: the other methods are idempotent by definition. */
const repeatable: ReadonlySet<string> = new Set(['POST', 'PATCH']);
