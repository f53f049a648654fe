import type { JsonTemplate, TextTemplate } from '../src/http/expression.ts';
import type { MessagePolicy } from '../src/aws/message.ts';
import type { ContractView, Keys, PlannedRoute, Said } from './contract-part.ts';
import { expressionReader } from './expression.ts';
import type { Path, Report } from './problem.ts';

/** What upstreams that take messages can say of them. A kind lists those keys that it has. */
export const bodyKey = {
  description:
    'The message: a JSON value whose strings can have expressions. Absent: the body of the request as it is.',
} as const;

const attributesKey = {
  type: 'object',
  maxProperties: 10,
  propertyNames: {
    pattern: '^(?!(?:AWS|Amazon)\\.)[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$',
    errorMessage:
      'must be a name of letters, digits, _, - and single dots, which does not begin with AWS. or Amazon.',
  },
  additionalProperties: { type: 'string', minLength: 1 },
  description:
    'Attributes of the message, each a text that can have expressions. One whose expression has no value is left out.',
  examples: ["{ tenant: '$request.header.x-tenant' }"],
} as const;

/** All of them, for what can be FIFO. */
export const messageKeys = (what: 'queue' | 'topic') =>
  ({
    body: bodyKey,
    attributes: attributesKey,
    group: {
      type: 'string',
      minLength: 1,
      description: `The group of the message, in whose order it is delivered. It can have expressions. A FIFO ${what} needs it.`,
      examples: ['$request.path.id'],
    },
    deduplicationId: {
      type: 'string',
      minLength: 1,
      description: `A message with the id of an earlier one is not delivered again for five minutes. It can have expressions. For FIFO ${what}s.`,
      examples: ['$request.header.idempotency-key'],
    },
  }) as const;

/** The templates of one upstream, checked against the parameters of each route that leads to it. */
export interface Templates {
  readonly text: (value: string | undefined, path: Path) => TextTemplate | undefined;
  readonly json: (value: unknown, path: Path) => JsonTemplate | undefined;
}

export const templatesFor = (
  upstream: string,
  { document, routes, report }: Pick<ContractView<Keys, Keys>, 'document' | 'routes' | 'report'>,
): Templates => {
  const readers = routes
    .filter((route) => upstreamOf(route) === upstream)
    .map((route) => expressionReader(document, route, report));
  return {
    text: (value, path) =>
      value === undefined ? undefined : readers.map((reader) => reader.text(value, path)).at(-1),
    json: (value, path) =>
      value === undefined ? undefined : readers.map((reader) => reader.json(value, path)).at(-1),
  };
};

export const upstreamOf = ({ plan: { target } }: PlannedRoute): string | undefined =>
  'upstream' in target ? target.upstream : undefined;

interface SaidOfMessage {
  readonly body?: unknown;
  readonly attributes?: Said<typeof attributesKey> | undefined;
  readonly group?: string | undefined;
  readonly deduplicationId?: string | undefined;
}

/** What a kind says of its messages, with its templates read. */
export const readMessage = (
  said: SaidOfMessage,
  path: Path,
  templates: Templates,
  report: Report,
): MessagePolicy => {
  if (said.deduplicationId !== undefined && said.group === undefined)
    report(
      [...path, 'deduplicationId'],
      '"deduplicationId" is for FIFO, which needs a "group" as well',
      'key',
    );
  return {
    body: templates.json(said.body, [...path, 'body']),
    attributes: Object.fromEntries(
      Object.entries(said.attributes ?? {}).flatMap(([name, text]) => {
        const template = templates.text(text, [...path, 'attributes', name]);
        return template === undefined ? [] : [[name, template] as const];
      }),
    ),
    group: templates.text(said.group, [...path, 'group']),
    deduplicationId: templates.text(said.deduplicationId, [...path, 'deduplicationId']),
  };
};

/** The errors of what only stores or starts something. */
export const acceptingErrors = [
  'BAD_REQUEST',
  'BODY_TOO_LARGE',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_RESPONSE_TOO_LARGE',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BREAKER_OPEN',
  'UPSTREAM_TIMEOUT',
] as const;
