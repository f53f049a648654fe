import { checkUpstreams } from '../../compiler/check-upstreams.ts';
import { contractPart } from '../../compiler/contract-part.ts';
import { durationSchema, readDuration, timeoutRange } from '../../compiler/duration.ts';
import { suggestion } from '../../compiler/nearest.ts';

/** What operations say about their upstream, whatever its kind. `plan-target.ts` reads it. */
export default contractPart({
  folder: 'upstreams',
  route: {
    upstream: { type: 'string', description: 'The service that responds.' },
    timeout: {
      ...durationSchema,
      description:
        'From 10ms to 29s, for all attempts together. The first that is set counts: operation, path, upstream, defaults; default 10s.',
    },
  },
  compile: ({ document, upstreamKinds, everywhere, report }) => {
    checkUpstreams(document, upstreamKinds, report);
    const names = Object.keys(document['x-postern']?.upstreams ?? {});
    for (const { value, path } of everywhere('upstream')) {
      if (names.includes(value)) continue;
      report(path, `unknown upstream "${value}"${suggestion(value, names)}`);
    }
    for (const { value, path } of everywhere('timeout'))
      readDuration(value, timeoutRange, path, report);
    const kinds = Object.entries(document['x-postern']?.upstreams ?? {}).flatMap(
      ([name, section]) => {
        const kind = Object.keys(upstreamKinds).find((each) => each in (section ?? {}));
        return kind === undefined || kind === 'http' ? [] : [[name, kind] as const];
      },
    );
    // Terraform compares the ARNs of an environment with them.
    if (kinds.length === 0) return () => ({});
    return () => ({ summary: { upstream_kinds: Object.fromEntries(kinds) } });
  },
});
