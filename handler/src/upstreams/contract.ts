import { checkUpstreams } from '../../compiler/check-upstreams.ts';
import { contractPart } from '../../compiler/contract-part.ts';
import { durationSchema, readDuration, timeoutRange } from '../../compiler/duration.ts';
import { suggestion } from '../../compiler/nearest.ts';
import { checkList } from './split/compile/check-list.ts';

/** What operations say about their upstream, whatever its kind. `plan-target.ts` reads it. */
export default contractPart({
  folder: 'upstreams',
  route: {
    upstream: {
      if: { type: 'string' },
      else: {
        type: 'array',
        minItems: 2,
        maxItems: 10,
        errorMessage:
          'must be the name of an upstream, or a list of 2 to 10: [{ name: users, weight: 90 }, …]',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['name', 'weight'],
          properties: {
            name: { type: 'string', examples: ['users-next'] },
            weight: {
              type: 'integer',
              minimum: 0,
              maximum: 10_000,
              errorMessage: 'must be a whole number from 0 to 10000',
              examples: ['10'],
            },
          },
        },
      },
      description:
        'The service that responds; or several, each with its weight: `[{ name: users, weight: 90 }, { name: users-next, weight: 10 }]`.',
    },
    timeout: {
      ...durationSchema,
      description:
        'From 10ms to 29s, for all attempts together. The first that is set counts: operation, path, upstream, defaults; default 10s.',
    },
  },
  compile: ({ document, upstreamKinds, everywhere, report }) => {
    checkUpstreams(document, upstreamKinds, report);
    const kindByName = new Map(
      Object.entries(document['x-postern']?.upstreams ?? {}).map(([name, section]) => [
        name,
        Object.keys(upstreamKinds).find((each) => each in (section ?? {})),
      ]),
    );
    for (const { value, path } of everywhere('upstream')) {
      if (typeof value !== 'string') checkList(value, path, kindByName, report);
      else if (!kindByName.has(value))
        report(path, `unknown upstream "${value}"${suggestion(value, [...kindByName.keys()])}`);
    }
    for (const { value, path } of everywhere('timeout'))
      readDuration(value, timeoutRange, path, report);
    const kinds = [...kindByName].filter(([, kind]) => kind !== undefined && kind !== 'http');
    // Terraform compares the ARNs of an environment with them.
    if (kinds.length === 0) return () => ({});
    return () => ({ summary: { upstream_kinds: Object.fromEntries(kinds) } });
  },
});
