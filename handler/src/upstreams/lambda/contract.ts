import { emitAwsUpstreams, readAwsUpstream } from '../../../compiler/aws-upstreams.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import { breakerKey, retriesKey, sessionKey } from '../../../compiler/upstream-keys.ts';
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
  compile: ({ upstreams, ...view }) => {
    if (upstreams.length === 0) return () => ({});
    const policies = upstreams.map((upstream): UpstreamPolicy<'lambda'> => {
      const { lambda = {}, session } = upstream.value;
      return {
        kind: 'lambda',
        ...readAwsUpstream(upstream, view.report),
        payload: lambda.payload ?? 'event',
        isAsync: lambda.async ?? false,
        startsSessions: session === 'start',
      };
    });
    return ({ use }) => ({
      upstreamKind: use('lambdaUpstreams', 'lambda-upstreams.ts'),
      ...emitAwsUpstreams(policies, view, { actionOf: () => 'lambda:InvokeFunction', errors }),
    });
  },
});
