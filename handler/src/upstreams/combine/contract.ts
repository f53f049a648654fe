import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import { durationSchema } from '../../../compiler/duration.ts';
import { routeFinder } from '../../../compiler/find-route.ts';
import type { PartPlan } from './combine-upstreams.ts';
import { planParts } from './compile/plan-parts.ts';

const errors = [
  'BAD_PATH',
  'BAD_REQUEST',
  'HEADERS_TOO_LARGE',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_RESPONSE_TOO_LARGE',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BREAKER_OPEN',
  'UPSTREAM_TIMEOUT',
  'LOOP_DETECTED',
] as const;

export default contractPart({
  folder: 'upstreams/combine',
  route: {
    combine: {
      type: 'object',
      additionalProperties: false,
      required: ['parts'],
      description:
        'The gateway responds with one JSON object, made of the responses of other routes.',
      properties: {
        parts: {
          type: 'object',
          minProperties: 1,
          maxProperties: 5,
          errorMessage: 'must have from 1 to 5 parts',
          propertyNames: {
            pattern: '^(?!errors$)',
            errorMessage: 'is the member that lists the parts that failed — use another name',
          },
          description: 'The members of the object, at most 5.',
          examples: ["{ user: { get: '/users/{$request.path.id}' } }"],
          additionalProperties: {
            type: 'object',
            additionalProperties: false,
            required: ['get'],
            properties: {
              get: {
                type: 'string',
                pattern: '^/',
                errorMessage: 'must be a path that begins with /',
                description:
                  'The path of a GET route of this document, and its query. Both can have expressions.',
                examples: ["'/users/{$request.path.id}'"],
              },
              timeout: {
                ...durationSchema,
                description:
                  'From 10ms to 29s; default: that of its route. That of the combining operation is for all parts.',
              },
              partial: {
                enum: ['allow', 'deny'],
                default: 'deny',
                description:
                  'Whether there is a response without this part: its member is null, and `errors` says why.',
              },
            },
          },
        },
      },
    },
  },
  insteadOfUpstream: ['combine'],
  compile: ({ document, routes, nearest, report }) => {
    const compiled = new Map<string, readonly PartPlan[]>();
    const combinations = routes.filter(({ plan }) => plan.target.kind === 'combine');
    if (combinations.length === 0) return () => ({});
    const find = routeFinder(routes);
    for (const { plan, operation } of combinations) {
      const setting = operation && nearest(operation, 'combine');
      if (operation === undefined || setting === undefined) continue;
      if (plan.method === 'GET') {
        const parts = planParts(setting, { plan, operation }, { document, find, report });
        compiled.set(plan.id, parts);
      } else
        report(
          operation.place,
          `${plan.id} cannot have a combined response, which is for GET — give it an "upstream"`,
          'key',
        );
    }
    return ({ use }) => ({
      upstreamKind: use('combineUpstreams', 'combine-upstreams.ts'),
      route: (id) => {
        const parts = compiled.get(id);
        return parts === undefined ? {} : { combine: literal(parts) };
      },
      responses: (id) => (compiled.has(id) ? { errors } : {}),
    });
  },
});
