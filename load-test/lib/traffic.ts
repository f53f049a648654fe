import http, { type RefinedParams, type RefinedResponse, type ResponseType } from 'k6/http';
import { check } from 'k6';
import { countRefusal } from './count-refusals.ts';
import type { Read } from './input.ts';
import { run } from './run.ts';

export type Response = RefinedResponse<ResponseType | undefined>;
type Parameters = RefinedParams<ResponseType | undefined>;

/** All responses except these count as failed requests; 200 means any success. */
export const expected = (statuses: readonly number[]) => {
  const others = statuses.filter((status) => status !== 200);
  return { responseCallback: http.expectedStatuses({ min: 200, max: 299 }, ...others) };
};

/** Whether a response is one of those expected. */
export const isExpected = (statuses: readonly number[], status: number): boolean =>
  statuses.some((each) => (each === 200 ? status >= 200 && status < 300 : each === status));

/** The parameters of one request: its name in the report, its headers, and a limit to its time. */
export const requestParameters = (
  name: string,
  headers: Readonly<Record<string, string>>,
  parameters: Parameters,
): Parameters => ({
  timeout: '10s',
  ...parameters,
  tags: { ...parameters.tags, name },
  headers: { accept: 'application/json', ...headers },
});

/** The nth item of a list that repeats after its last. */
export const inTurn = <T>(list: readonly [T, ...T[]], n: number): T =>
  list[n % list.length] ?? list[0];

/** The headers of a read by the nth caller. */
export const headersOf = (
  { headers, isSignedIn }: Read,
  caller: number,
): Record<string, string> => {
  const { token } = inTurn(run.members, caller);
  return { ...headers, ...(isSignedIn ? { authorization: `Bearer ${token}` } : {}) };
};

/** The expected statuses of a read without failures: 429 as well if its limit is shared. */
export const statusesOf = ({ limitedBy }: Read): readonly number[] =>
  limitedBy === 'address' || limitedBy === 'route' ? [200, 429] : [200];

/** The nth read of all: callers take turns, and so do the routes within each caller's turn. `also` is expected too. */
export const read = (
  iteration: number,
  { also = [], tags = {} }: { also?: readonly number[]; tags?: Record<string, string> } = {},
): { response: Response; statuses: readonly number[] } => {
  const turn = Math.floor(iteration / run.members.length);
  const chosen = inTurn(run.reads, iteration + turn);
  const statuses = [...statusesOf(chosen), ...also];
  const parameters = { ...expected(statuses), tags };
  const response = http.get(
    `${run.baseUrl}${chosen.path}`,
    requestParameters(chosen.route, headersOf(chosen, iteration), parameters),
  );
  countRefusal(response.status);
  return { response, statuses };
};

/** What a user would notice: it worked, and it was quick. */
export const checkQuickSuccess = ({ response, statuses }: ReturnType<typeof read>): void => {
  check(response, {
    'status is as expected': ({ status }) => isExpected(statuses, status),
    'under 250 ms': ({ timings }) => timings.duration < 250,
  });
};
