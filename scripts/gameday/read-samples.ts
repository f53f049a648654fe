/** One request of the day, as k6 wrote it down. */
export interface Sample {
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly status: number;
  /** The route's name in the report. */
  readonly route: string;
}

/** Reads k6's CSV output, with times in milliseconds. */
export const parseSamples = (csv: string): readonly Sample[] => {
  const [header = '', ...lines] = csv.split('\n');
  const columns = header.split(',');
  const at = (name: string): number => columns.indexOf(name);
  const [metric, time, value] = [at('metric_name'), at('timestamp'), at('metric_value')];
  const [status, route] = [at('status'), at('name')];
  return lines
    .map((line) => line.split(','))
    .filter((fields) => fields[metric] === 'http_req_duration')
    .map((fields) => {
      const durationMs = Number(fields[value]);
      return {
        // k6 dates a request at its end.
        startedAtMs: Number(fields[time]) - durationMs,
        durationMs,
        status: Number(fields[status]),
        route: fields[route] ?? '',
      };
    });
};
