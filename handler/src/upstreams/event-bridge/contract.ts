import { emitAwsUpstreams, readAwsUpstream } from '../../../compiler/aws-upstreams.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import { acceptingErrors, templatesFor } from '../../../compiler/message-keys.ts';
import { breakerKey, retriesKey } from '../../../compiler/upstream-keys.ts';
import type { UpstreamPolicy } from '../../contract.ts';

export default contractPart({
  folder: 'upstreams/event-bridge',
  upstream: {
    eventBridge: {
      type: 'object',
      additionalProperties: false,
      required: ['source', 'detailType'],
      description:
        'The kind: an event bus of EventBridge. Its ARN is the environment variable `UPSTREAM_<NAME>_ARN`. The response is 202 once the bus has the event.',
      properties: {
        source: {
          type: 'string',
          minLength: 1,
          description: 'The source of the event. It can have expressions.',
          examples: ['shop.orders'],
        },
        detailType: {
          type: 'string',
          minLength: 1,
          description: 'The detail-type of the event. It can have expressions.',
          examples: ['OrderPlaced'],
        },
        detail: {
          type: 'object',
          description:
            'The detail of the event: a JSON object whose strings can have expressions. Absent: the body of the request.',
        },
      },
    },
    retries: {
      ...retriesKey,
      description:
        'How often an event is sent again if the bus certainly does not have it; default 1.',
    },
    breaker: breakerKey,
  },
  compile: ({ upstreams, ...view }) => {
    if (upstreams.length === 0) return () => ({});
    const policies = upstreams.map((upstream): UpstreamPolicy<'eventBridge'> => {
      const { name, value, path } = upstream;
      const { eventBridge = {} } = value;
      const templates = templatesFor(name, view);
      const at = (key: string) => [...path, 'eventBridge', key];
      return {
        kind: 'eventBridge',
        ...readAwsUpstream(upstream, view.report),
        source: templates.text(eventBridge.source, at('source')) ?? [],
        detailType: templates.text(eventBridge.detailType, at('detailType')) ?? [],
        detail: templates.json(eventBridge.detail, at('detail')),
      };
    });
    return ({ use }) => ({
      upstreamKind: use('eventBridgeUpstreams', 'event-bridge-upstreams.ts'),
      ...emitAwsUpstreams(policies, view, {
        actionOf: () => 'events:PutEvents',
        errors: acceptingErrors,
      }),
    });
  },
});
