import http, { type RefinedParams, type RefinedResponse, type ResponseType } from 'k6/http';
import { check } from 'k6';
import type { LoadTestSession } from './input.ts';
import { run } from './run.ts';

export type Answer = RefinedResponse<ResponseType | undefined>;
type Parameters = RefinedParams<ResponseType | undefined>;

/**
 * What signed-in callers ask for, in turn; change it together with `handler/gateway.yaml`. Public
 * routes are left out: their limit counts by address, and all of a load test comes from one.
 */
export const reads = [
  { path: '/api/v1/users', route: 'GET /api/v1/users' },
  { path: '/api/v1/users/alice', route: 'GET /api/v1/users/{user_id}' },
  { path: '/api/v1/products', route: 'GET /api/v1/products' },
  { path: '/api/v1/products/kettle', route: 'GET /api/v1/products/{product_id}' },
] as const;

/** Answers that count as failed requests are all but these. */
export const expecting = (...statuses: [number, ...number[]]) => ({
  responseCallback: http.expectedStatuses(...statuses),
});

/** The parameters of one request: its name in the report, its caller, and a limit to its time. */
export const asked = (
  route: string,
  session: LoadTestSession | undefined,
  parameters: Parameters = expecting(200),
): Parameters => ({
  timeout: '10s',
  ...parameters,
  tags: { ...parameters.tags, name: route },
  headers: {
    accept: 'application/json',
    ...(session === undefined ? {} : { authorization: `Bearer ${session.token}` }),
  },
});

/** The nth read of all: callers take turns, and so do the routes within each caller's turn. */
export const read = (iteration: number, parameters?: Parameters): Answer => {
  const turn = Math.floor(iteration / run.members.length);
  const session = run.members[iteration % run.members.length];
  const { path, route } = reads[(iteration + turn) % reads.length] ?? reads[0];
  return http.get(`${run.baseUrl}${path}`, asked(route, session, parameters));
};

/** What a user would notice: it worked, and it was quick. */
export const checkQuickSuccess = (answer: Answer): void => {
  check(answer, {
    'status is 200': ({ status }) => status === 200,
    'under 250 ms': ({ timings }) => timings.duration < 250,
  });
};
