import { contractPart, withDefaults } from '../../../compiler/contract-part.ts';
import { durationSchema, readDuration } from '../../../compiler/duration.ts';
import type { RateLimitRule } from '../../contract.ts';

const failureLimit = {
  type: 'object',
  errorMessage: 'must be false, or have limit, window and burst',
  additionalProperties: false,
  properties: {
    limit: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      default: 100,
      description: 'Failures per window.',
    },
    window: { ...durationSchema, default: '1m', description: 'From 1s to 24h.' },
    burst: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      description:
        'How many failures may come at once after a pause; default: as many as the limit.',
    },
  },
} as const;

/** A name that no rate limit of a contract can have, because its keys are in the same table. */
const name = 'failure_limit';

export default contractPart({
  folder: 'features/failure-limit',
  root: {
    failureLimit: {
      if: { const: false },
      else: failureLimit,
      description:
        'How often an address may fail (4xx of the gateway’s own that no rate limit was charged for); above it, 429. `false`: no limit.',
    },
  },
  compile: ({ root, report }) => {
    if (root.failureLimit === false) return () => ({});
    const { limit, window, burst = limit } = withDefaults(failureLimit, root.failureLimit);
    const path = ['x-postern', 'failureLimit', 'window'];
    const windowMs = readDuration(window, { min: '1s', max: '24h' }, path, report) ?? 1_000;
    if (windowMs % 1_000 !== 0) report(path, `"window" is ${window}; it has whole seconds`);
    const rule: RateLimitRule = {
      name,
      per: ['ip'],
      limit,
      windowSeconds: windowMs / 1_000,
      burst,
      onStoreFailure: 'allow',
      mode: 'enforce',
    };
    return ({ use, useStore }) => ({
      feature: `${use('failureLimit', 'failure-limit.ts')}(${JSON.stringify(rule)})`,
      responses: () => ({ errors: ['RATE_LIMITED'] }),
      stores: { buckets: useStore('dynamoDbBuckets', 'buckets/dynamodb-buckets.ts') },
      permissions: [{ store: 'rate-limits', actions: ['dynamodb:UpdateItem'] }],
    });
  },
});
