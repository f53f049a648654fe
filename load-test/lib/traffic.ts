import http, { type RefinedParams, type RefinedResponse, type ResponseType } from 'k6/http';
import { check } from 'k6';
import { countRefusal } from './count-refusals.ts';
import type { LoadTestSession } from './input.ts';
import { reads } from './reads.ts';
import { run } from './run.ts';

export type Answer = RefinedResponse<ResponseType | undefined>;
type Parameters = RefinedParams<ResponseType | undefined>;

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
  const answer = http.get(`${run.baseUrl}${path}`, asked(route, session, parameters));
  countRefusal(answer.status);
  return answer;
};

/** What a user would notice: it worked, and it was quick. */
export const checkQuickSuccess = (answer: Answer): void => {
  check(answer, {
    'status is 200': ({ status }) => status === 200,
    'under 250 ms': ({ timings }) => timings.duration < 250,
  });
};
