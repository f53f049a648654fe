import { Counter } from 'k6/metrics';

/** Statuses other than 200 of the gateway or the platform in front of it; 0 is no response. */
const statuses = [0, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504];

/** k6 needs metric names before the run; metrics without a count are not reported. */
const counters = new Map(
  statuses.map((status) => [
    status,
    new Counter(status === 0 ? 'postern_no_response' : `postern_responses_${status}`),
  ]),
);

/** So that the report shows the number of failed requests by status. */
export const countRefusal = (status: number): void => counters.get(status)?.add(1);
