import http from 'k6/http';
import { check } from 'k6';
import { Gauge } from 'k6/metrics';
import type { Options } from 'k6/options';
import { setTimeout } from 'k6/timers';
import { judge, type Sighting } from '../lib/allowance.ts';
import type { Limit } from '../lib/input.ts';
import { limitNamedBy } from '../lib/rate-limit-policy.ts';
import { summaryTrendStats } from '../lib/rates.ts';
import { run } from '../lib/run.ts';
import {
  type Response,
  requestParameters,
  expected,
  headersOf,
  isExpected,
} from '../lib/traffic.ts';

export { handleSummary } from '../lib/run.ts';

const admittedCount = new Gauge('postern_admitted');
const refusedCount = new Gauge('postern_refused');
const dueAtLeast = new Gauge('postern_due_at_least');
const dueAtMost = new Gauge('postern_due_at_most');

/** Under API Gateway's throttle (50/s), so that every refusal is the limiter's own. */
const perSecond = 40;
/** How long the client continues after its first refusal, to observe the refill. */
const overLimitSeconds = 10;
const patienceSeconds = 120;
/** Limits the open requests if the gateway is slow: the next one is sent after one of these has a response. */
const mostInFlight = 20;

/**
 * One client exceeds its limit and continues. A single virtual user sends at a fixed rate without waiting for
 * responses, because only one that sees them all can check the exact number.
 */
export const options: Options = {
  scenarios: {
    client: {
      executor: 'per-vu-iterations',
      vus: 1,
      iterations: 1,
      maxDuration: `${3 * patienceSeconds + 60}s`,
    },
  },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate<0.01'],
  },
  summaryTrendStats,
};

/** Indexes of members: the one that exceeds its limit, and another user. */
const [client, neighbour] = [0, 1];
/** Limited by one limit only, whose exact allowance is checked. */
const limited = run.reads.find(
  ({ limitedBy, limits }) => limitedBy === 'caller' && limits.length === 1,
);
if (limited === undefined) throw new Error('no route that can be read has one limit, per caller');

interface Sent {
  readonly response: Response;
  readonly sighting: Sighting;
}

const send = async (member: number): Promise<Sent> => {
  const sentAtMs = Date.now();
  const parameters = requestParameters(
    limited.route,
    headersOf(limited, member),
    expected([200, 429]),
  );
  const url = `${run.baseUrl}${limited.path}`;
  const response = await http.asyncRequest('GET', url, null, parameters);
  const endedAtMs = Date.now();
  return { response, sighting: { sentAtMs, endedAtMs, admitted: response.status !== 429 } };
};

const until = (momentMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, momentMs - Date.now())));

export default async function (): Promise<void> {
  const bouts = [await goOverLimit(overLimitSeconds)];
  const others = await send(neighbour);
  check(others.response, {
    'another user is not held up': ({ status }) => isExpected([200], status),
  });
  for (let rests = 0; rests < 2; rests += 1) {
    await waitItOut(bouts.flat());
    const bout = await goOverLimit(0);
    check(bout[0]?.response, {
      'waiting it out succeeds': (first) => isExpected([200], first?.status ?? 0),
    });
    bouts.push(bout);
  }

  const limit = limitNamedBy(bouts[0]?.[0]?.response.headers['Ratelimit-Policy'], run.rateLimits);
  check(limit, { 'the limit is named as the contract has it': (found) => found !== undefined });
  if (limit === undefined) return;
  check(limit, { 'no rest was long enough to fill the bucket': isDeep });
  checkAllowance(limit, bouts);
}

/** Sends at a fixed rate until so long after the first refusal. */
const goOverLimit = async (secondsAfterRefusal: number): Promise<Sent[]> => {
  const startMs = Date.now();
  let endMs = startMs + patienceSeconds * 1000;
  const sent: Promise<Sent>[] = [];
  let responses = 0;
  const sendAndNotice = async (): Promise<Sent> => {
    const ended = await send(client);
    responses += 1;
    const { admitted, sentAtMs } = ended.sighting;
    if (!admitted) endMs = Math.min(endMs, sentAtMs + secondsAfterRefusal * 1000);
    return ended;
  };
  for (let turn = 1; Date.now() < endMs; turn += 1) {
    if (sent.length - responses < mostInFlight) sent.push(sendAndNotice());
    await until(startMs + (turn * 1000) / perSecond);
  }
  return Promise.all(sent);
};

/** Pauses are slightly longer than Retry-After, which is at least a second. */
const isDeep = ({ limit, windowSeconds, burst }: Limit): boolean =>
  burst > (2 + Math.ceil(windowSeconds / limit)) * (limit / windowSeconds);

const retryAfterOf = (response: Response): string => response.headers['Retry-After'] ?? '';

/** Rests until every Retry-After that was given is over. */
const waitItOut = (sent: readonly Sent[]): Promise<void> => {
  const ends = sent
    .filter(({ sighting }) => !sighting.admitted)
    .map(({ response, sighting }) => sighting.endedAtMs + Number(retryAfterOf(response)) * 1000);
  return until(Math.max(0, ...ends));
};

const checkAllowance = (limit: Limit, bouts: readonly Sent[][]): void => {
  const verdict = judge(
    limit,
    bouts.map((bout) => bout.map(({ sighting }) => sighting)),
  );
  check(verdict, { 'the client got exactly its allowance': (given) => given?.exact === true });
  const refused = bouts.flat().filter(({ sighting }) => !sighting.admitted);
  refused.forEach(({ response }) => checkRefusal(limit, response));
  if (verdict === undefined) return;

  const { admitted, due } = verdict.overall;
  admittedCount.add(admitted.most);
  refusedCount.add(refused.length);
  dueAtLeast.add(due.least);
  dueAtMost.add(due.most);
};

const checkRefusal = ({ limit, windowSeconds }: Limit, response: Response): void => {
  const retryAfter = retryAfterOf(response);
  check(response, {
    'a refusal is the limiter’s own': (given) =>
      given.headers['Content-Type'] === 'application/problem+json' &&
      given.json('code') === 'RATE_LIMITED',
    // The time in which one token is refilled: no client needs to wait longer.
    'Retry-After is a whole number of seconds, from 1 to the next token': () =>
      /^[1-9]\d*$/.test(retryAfter) && Number(retryAfter) <= Math.ceil(windowSeconds / limit),
  });
};
