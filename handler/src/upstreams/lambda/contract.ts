import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import {
  breakerKey,
  readBreaker,
  retriesKey,
  sessionKey,
  upstreamVariable,
} from '../../../compiler/upstream-keys.ts';
import type { UpstreamPolicy } from '../../contract.ts';

const errors = [
  'BAD_REQUEST',
  'BODY_TOO_LARGE',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_RESPONSE_TOO_LARGE',
  'UPSTREAM_BREAKER_OPEN',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'LOOP_DETECTED',
] as const;

export default contractPart({
  folder: 'upstreams/lambda',
  upstream: {
    lambda: {
      type: 'object',
      additionalProperties: false,
      description:
        'The kind: a Lambda function. Its ARN, which can end in an alias or a version, is the environment variable `UPSTREAM_<NAME>_ARN`.',
      properties: {
        payload: {
          enum: ['event', 'body'],
          default: 'event',
          description:
            '`event`: the function gets the event of an HTTP API, payload format 2.0. `body`: it gets the JSON of the body alone.',
        },
        async: {
          type: 'boolean',
          default: false,
          description:
            'Whether Lambda queues the event and calls the function later: the response is 202 once it is queued.',
        },
      },
    },
    retries: {
      ...retriesKey,
      description:
        'How often the function is called again, if the method or an Idempotency-Key makes that safe; default 1.',
    },
    breaker: breakerKey,
    session: sessionKey,
  },
  compile: ({ upstreams, routes, report }) => {
    if (upstreams.length === 0) return () => ({});
    const policies = upstreams.map(({ name, value, path }): UpstreamPolicy<'lambda'> => {
      const { lambda = {}, retries, breaker, session } = value;
      return {
        kind: 'lambda',
        name,
        arnVariable: upstreamVariable(name, 'ARN'),
        payload: lambda.payload ?? 'event',
        isAsync: lambda.async ?? false,
        retries: retries ?? 1,
        breaker: readBreaker(breaker, path, report),
        startsSessions: session === 'start',
      };
    });
    const targets = routes.flatMap(({ plan: { id, target } }) =>
      target.kind === 'lambda' ? [{ id, upstream: target.upstream }] : [],
    );
    const forwarded = new Set(targets.map(({ id }) => id));
    return ({ use }) => ({
      upstreamKind: use('lambdaUpstreams', 'lambda-upstreams.ts'),
      permissions: targets.map(({ upstream }) => ({
        upstream,
        actions: ['lambda:InvokeFunction'],
      })),
      responses: (id) => (forwarded.has(id) ? { errors } : {}),
      upstreams: Object.fromEntries(policies.map((policy) => [policy.name, literal(policy)])),
    });
  },
});
