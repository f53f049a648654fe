import { durationSchema } from '../../../../compiler/duration.ts';

/** What an operation, a path item and the defaults say under `mirror`. */
export const mirror = {
  if: { const: false },
  else: {
    type: 'object',
    additionalProperties: false,
    required: ['upstream', 'percent'],
    properties: {
      upstream: {
        type: 'string',
        description:
          'The upstream, of the kind http or lambda, that gets a copy of requests. Its responses are discarded.',
      },
      percent: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        errorMessage: 'must be above 0 and at most 100 — for none, write "mirror: false"',
        description: 'The share of the requests, from 0.1 to 100 in steps of 0.1.',
        examples: [5],
      },
      unsafe: {
        enum: ['allow', 'deny'],
        default: 'deny',
        description:
          'Whether requests that may change something are copied as well: all methods but GET, HEAD and OPTIONS.',
      },
      timeout: {
        ...durationSchema,
        description: 'How long a copy may take, from 10ms to 29s; default 5s.',
      },
    },
  },
  default: false,
  description: 'Sends a copy of requests to a second upstream. The caller notices nothing of it.',
} as const;
