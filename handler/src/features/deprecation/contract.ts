import { literal } from '../../../compiler/code.ts';
import { contractPart } from '../../../compiler/contract-part.ts';
import type { Path, Report } from '../../../compiler/problem.ts';
import type { Deprecation } from './deprecation.ts';

const date = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$`,
  errorMessage: 'must be a date, such as 2027-03-31 or 2027-03-31T12:00:00Z',
} as const;

export default contractPart({
  folder: 'features/deprecation',
  route: {
    deprecation: {
      type: 'object',
      additionalProperties: false,
      required: ['since'],
      description: 'What the responses of operations with `deprecated: true` announce.',
      properties: {
        since: {
          ...date,
          description: 'When the operation became deprecated: the header `Deprecation`.',
          examples: ['2026-11-01'],
        },
        sunset: { ...date, description: 'When it ends: the header `Sunset`.' },
        link: {
          type: 'string',
          pattern: '^https?://[^\\s"<>\\\\^`{|}]+$',
          errorMessage: 'must be an http or https URL',
          description: 'A page that says what to use instead: the header `Link`.',
        },
      },
    },
  },
  compile: ({ operations, nearest, everywhere, report }) => {
    for (const { value, path } of everywhere('deprecation')) {
      const since = timeOf(value.since, [...path, 'since'], report);
      const sunset = timeOf(value.sunset, [...path, 'sunset'], report);
      if (since !== undefined && sunset !== undefined && sunset < since)
        report([...path, 'sunset'], '"sunset" is before "since" (RFC 9745 §4)');
    }
    const byRoute = new Map<string, Deprecation>();
    for (const operation of operations) {
      const { value, path = [] } = nearest(operation, 'deprecation') ?? {};
      if (value === undefined) continue;
      if ((operation.operation as { readonly deprecated?: unknown }).deprecated === true)
        byRoute.set(operation.id, headersOf(value));
      else if (path[2] === operation.method)
        report(path, `${operation.id} is not deprecated — add "deprecated: true" to it`, 'key');
    }
    if (byRoute.size === 0) return () => ({});
    return ({ use }) => ({
      feature: use('deprecation', 'deprecation.ts'),
      route: (id) => {
        const headers = byRoute.get(id);
        return headers === undefined ? {} : { deprecation: literal(headers) };
      },
    });
  },
});

interface Said {
  readonly since?: string | undefined;
  readonly sunset?: string | undefined;
  readonly link?: string | undefined;
}

const headersOf = ({ since = '', sunset, link }: Said): Deprecation => ({
  since: `@${Date.parse(since) / 1_000}`,
  ...(sunset !== undefined && { sunset: new Date(sunset).toUTCString() }),
  ...(link !== undefined && { link: `<${link}>; rel="deprecation"` }),
});

/** Epoch milliseconds. */
const timeOf = (text: string | undefined, path: Path, report: Report): number | undefined => {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  // Date.parse accepts 2026-02-30 as a day of March.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 10)))
    return time;
  report(path, `"${text}" is not a day of the calendar`);
  return undefined;
};
