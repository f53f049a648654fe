import { check } from 'k6';
import type { Options } from 'k6/options';
import { type Response, isExpected, read } from './traffic.ts';

/**
 * Above its capacity, the platform refuses requests at once: API Gateway's throttle (50/s, burst 100) with 429,
 * Lambda's concurrency with 503. That is its job, so both are expected. A 429 or 503 of the gateway's own is a problem
 * document and is not.
 */
export const readUnderOverload = (iteration: number): void => {
  const { response, statuses } = read(iteration, { also: [429, 503] });
  check(response, {
    'served, or turned away by the platform': () =>
      isExpected([200], response.status) ||
      turnedAwayByPlatform(response) ||
      (statuses.indexOf(429) === 1 && response.status === 429),
  });
};

const turnedAwayByPlatform = ({ status, headers }: Response): boolean =>
  (status === 429 || status === 503) && headers['Content-Type'] !== 'application/problem+json';

/** Almost all requests are served or refused, the served ones in time, and enough are served. */
export const sheds = (
  scenario: string,
  { servedAtLeast }: { servedAtLeast: number },
): NonNullable<Options['thresholds']> => ({
  [`checks{scenario:${scenario}}`]: ['rate>0.99'],
  [`http_req_failed{scenario:${scenario}}`]: ['rate<0.01'],
  [`http_req_duration{scenario:${scenario},status:200}`]: ['p(95)<1000'],
  [`http_reqs{scenario:${scenario},status:200}`]: [`count>=${servedAtLeast}`],
});
