import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** One request, as k6 wrote it down. */
export interface Sample {
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** 0 if there was no response. */
  readonly status: number;
  /** The route's name in the report. */
  readonly route: string;
  /** Whether this status is a success in the scenario. */
  readonly isExpected: boolean;
}

/** Reads k6's zipped CSV line by line: that of a long run is larger than a string may be. */
export const readSamples = (file: string): Promise<readonly Sample[]> =>
  parseSamples(createInterface({ input: createReadStream(file).pipe(createGunzip()) }));

/** Of k6's CSV output, with times in milliseconds. */
export const parseSamples = async (
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<readonly Sample[]> => {
  const samples: Sample[] = [];
  let columns: readonly string[] | undefined;
  for await (const line of lines) {
    const fields = line.split(',');
    if (columns === undefined) {
      columns = fields;
      continue;
    }
    const names = columns;
    const field = (name: string): string => fields[names.indexOf(name)] ?? '';
    if (field('metric_name') !== 'http_req_duration') continue;
    const durationMs = Number(field('metric_value'));
    samples.push({
      // k6 dates a request at its end.
      startedAtMs: Number(field('timestamp')) - durationMs,
      durationMs,
      status: Number(field('status')),
      route: field('name'),
      isExpected: field('expected_response') === 'true',
    });
  }
  return samples;
};
