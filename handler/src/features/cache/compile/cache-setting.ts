import { durationSchema } from '../../../../compiler/duration.ts';

const names = <const D extends string>(description: D) =>
  ({ type: 'array', items: { type: 'string' }, description }) as const;

/** What an operation, a path item and the defaults say under `cache`, where they have one. */
export const cache = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ttl: {
      ...durationSchema,
      description:
        'How long a response is fresh whose service says nothing about it, from 1s to 30d. What a service says has precedence. Absent: such responses are not stored.',
      examples: ['5m'],
    },
    vary: {
      type: 'object',
      additionalProperties: false,
      description: 'What a response depends on, beside the path and the `Vary` of the service.',
      properties: {
        headers: names('Request headers.'),
        query: names(
          'Parameters of the query; the service gets no others. Absent: the whole query counts.',
        ),
        caller: {
          type: 'boolean',
          default: true,
          description:
            'Whether a response that is not for every caller is stored, for its own caller alone. `false`: only responses are stored whose service says `public` or `s-maxage`, or that are for requests without credentials.',
        },
      },
    },
    store: {
      type: 'string',
      enum: ['memory', 'table'],
      default: 'memory',
      description:
        '`table`: execution environments share responses of up to 398 KiB in a table of DynamoDB, behind the memory of each.',
    },
  },
} as const;
