import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import {
  attributesKey,
  bodyKey,
  deduplicationIdKey,
  groupKey,
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

const errors = [
  'BAD_REQUEST',
  'BODY_TOO_LARGE',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_RESPONSE_TOO_LARGE',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BREAKER_OPEN',
  'UPSTREAM_TIMEOUT',
] as const;

export default contractPart({
  folder: 'upstreams/sqs',
  upstream: {
    sqs: {
      type: 'object',
      additionalProperties: false,
      description:
        'The kind: a queue of SQS. Its ARN is the environment variable `UPSTREAM_<NAME>_ARN`. The response is 202 once the queue has the message.',
      properties: {
        body: bodyKey,
        attributes: attributesKey,
        group: { ...groupKey, description: `${groupKey.description} A FIFO queue needs it.` },
        deduplicationId: {
          ...deduplicationIdKey,
          description: `${deduplicationIdKey.description} For FIFO queues.`,
        },
      },
    },
    retries: {
      ...retriesKey,
      description:
        'How often a message is sent again if the queue does not have it for certain, or recognizes it by its `deduplicationId`; default 1.',
    },
    breaker: breakerKey,
  },
  compile: ({ upstreams, ...view }) => {
    if (upstreams.length === 0) return () => ({});
    const policies = upstreams.map(({ name, value, path }): UpstreamPolicy<'sqs'> => {
      const { sqs = {}, retries, breaker } = value;
      const templates = templatesFor(name, view);
      const at = (key: string) => [...path, 'sqs', key];
      const attributes = Object.entries(sqs.attributes ?? {}).flatMap(([attribute, text]) => {
        const template = templates.text(text, [...at('attributes'), attribute]);
        return template === undefined ? [] : [[attribute, template] as const];
      });
      if (sqs.deduplicationId !== undefined && sqs.group === undefined)
        view.report(
          at('deduplicationId'),
          `"deduplicationId" is for FIFO queues, which need a "group" as well`,
          'key',
        );
      return {
        kind: 'sqs',
        name,
        arnVariable: upstreamVariable(name, 'ARN'),
        body: templates.json(sqs.body, at('body')),
        attributes: Object.fromEntries(attributes),
        group: templates.text(sqs.group, at('group')),
        deduplicationId: templates.text(sqs.deduplicationId, at('deduplicationId')),
        retries: retries ?? 1,
        breaker: readBreaker(breaker, path, view.report),
      };
    });
    const own = view.routes.filter(({ plan }) => plan.target.kind === 'sqs');
    const forwarded = new Set(own.map(({ plan }) => plan.id));
    return ({ use }) => ({
      upstreamKind: use('sqsUpstreams', 'sqs-upstreams.ts'),
      permissions: own.map((route) => ({
        upstream: upstreamOf(route) ?? '',
        actions: ['sqs:SendMessage'],
      })),
      responses: (id) => (forwarded.has(id) ? { errors } : {}),
      upstreams: Object.fromEntries(policies.map((policy) => [policy.name, literal(policy)])),
    });
  },
});
