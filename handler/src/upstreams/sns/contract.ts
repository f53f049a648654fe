import { emitAwsUpstreams, readAwsUpstream } from '../../../compiler/aws-upstreams.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import {
  acceptingErrors,
  messageKeys,
  readMessage,
  templatesFor,
} from '../../../compiler/message-keys.ts';
import { breakerKey, retriesKey } from '../../../compiler/upstream-keys.ts';
import type { UpstreamPolicy } from '../../contract.ts';

export default contractPart({
  folder: 'upstreams/sns',
  upstream: {
    sns: {
      type: 'object',
      additionalProperties: false,
      description:
        'The kind: a topic of SNS. Its ARN is the environment variable `UPSTREAM_<NAME>_ARN`. The response is 202 once the topic has the message.',
      properties: messageKeys('topic'),
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
    const policies = upstreams.map((upstream): UpstreamPolicy<'sns'> => {
      const { name, value, path } = upstream;
      const templates = templatesFor(name, view);
      return {
        kind: 'sns',
        ...readAwsUpstream(upstream, view.report),
        ...readMessage(value.sns ?? {}, [...path, 'sns'], templates, view.report),
      };
    });
    return ({ use }) => ({
      upstreamKind: use('snsUpstreams', 'sns-upstreams.ts'),
      ...emitAwsUpstreams(policies, view, {
        actionOf: () => 'sns:Publish',
        errors: acceptingErrors,
      }),
    });
  },
});
