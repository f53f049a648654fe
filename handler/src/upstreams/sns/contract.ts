import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import {
  acceptingErrors,
  attributesKey,
  bodyKey,
  deduplicationIdKey,
  groupKey,
  readMessage,
  templatesFor,
  upstreamOf,
} from '../../../compiler/message-keys.ts';
import {
  breakerKey,
  readBreaker,
  retriesKey,
  upstreamVariable,
} from '../../../compiler/upstream-keys.ts';
import type { UpstreamPolicy } from '../../contract.ts';

export default contractPart({
  folder: 'upstreams/sns',
  upstream: {
    sns: {
      type: 'object',
      additionalProperties: false,
      description:
        'The kind: a topic of SNS. Its ARN is the environment variable `UPSTREAM_<NAME>_ARN`. The response is 202 once the topic has the message.',
      properties: {
        body: bodyKey,
        attributes: attributesKey,
        group: { ...groupKey, description: `${groupKey.description} A FIFO topic needs it.` },
        deduplicationId: {
          ...deduplicationIdKey,
          description: `${deduplicationIdKey.description} For FIFO topics.`,
        },
      },
    },
    retries: {
      ...retriesKey,
      description:
        'How often a message is sent again if the topic does not have it for certain, or recognizes it by its `deduplicationId`; default 1.',
    },
    breaker: breakerKey,
  },
  compile: ({ upstreams, ...view }) => {
    if (upstreams.length === 0) return () => ({});
    const policies = upstreams.map(({ name, value, path }): UpstreamPolicy<'sns'> => {
      const { sns = {}, retries, breaker } = value;
      return {
        kind: 'sns',
        name,
        arnVariable: upstreamVariable(name, 'ARN'),
        ...readMessage(sns, [...path, 'sns'], templatesFor(name, view), view.report),
        retries: retries ?? 1,
        breaker: readBreaker(breaker, path, view.report),
      };
    });
    const own = view.routes.filter(({ plan }) => plan.target.kind === 'sns');
    const forwarded = new Set(own.map(({ plan }) => plan.id));
    return ({ use }) => ({
      upstreamKind: use('snsUpstreams', 'sns-upstreams.ts'),
      permissions: own.map((route) => ({
        upstream: upstreamOf(route) ?? '',
        actions: ['sns:Publish'],
      })),
      responses: (id) => (forwarded.has(id) ? { errors: acceptingErrors } : {}),
      upstreams: Object.fromEntries(policies.map((policy) => [policy.name, literal(policy)])),
    });
  },
});
