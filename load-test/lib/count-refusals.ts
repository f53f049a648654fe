import { Counter } from 'k6/metrics';

/** What a gateway or the platform before it may say instead of 200; 0 is no answer at all. */
const statuses = [0, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504];

/** k6 wants its metrics named before the run; those that count nothing are not reported. */
const counters = new Map(
  statuses.map((status) => [
    status,
    new Counter(status === 0 ? 'postern_unanswered' : `postern_answered_${status}`),
  ]),
);

/** So that the report says not only how many requests failed, but with what. */
export const countRefusal = (status: number): void => counters.get(status)?.add(1);
