import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type Attempt, failed } from './attempt.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { createRetry } from './retry.ts';

const response: Attempt = {
  kind: 'responded',
  statusCode: 200,
  rawHeaders: [],
  body: Buffer.alloc(0),
};
/** Admits every request, and keeps what is reported. */
const breakerThat = (mayRetry: () => boolean = () => true) => {
  const reported: unknown[] = [];
  const report = (outcome: unknown) => void reported.push(outcome);
  const breaker: CircuitBreaker = { admit: () => ({ kind: 'admitted', mayRetry, report }) };
  return { breaker, reported };
};
const caller = () => 'alice';

interface Setup {
  readonly retries?: number;
  readonly breaker?: CircuitBreaker;
  readonly random?: () => number;
}

const retryOf = ({
  retries = 2,
  breaker = breakerThat().breaker,
  random = () => 0,
}: Setup = {}) => {
  const retry = createRetry({ retries, breaker, now: () => 0, random });
  return (method: string, attempts: readonly Attempt[], headers: string[] = [], endMs = 1_000) => {
    const attempt = jest.fn<() => Promise<Attempt>>();
    for (const outcome of attempts) attempt.mockResolvedValueOnce(outcome);
    const request = { method, path: '/', headers, body: undefined };
    const result = retry(request, endMs, attempt, caller);
    return { result, attempt };
  };
};

afterEach(() => {
  jest.useRealTimers();
});

describe('a request is sent again', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])(
    'for %s, when no response arrived',
    async (method) => {
      const { result, attempt } = retryOf()(method, [
        failed('unreachable'),
        failed('no-response'),
        response,
      ]);
      expect(await result).toBe(response);
      expect(attempt).toHaveBeenCalledTimes(3);
    },
  );

  it('for POST with an Idempotency-Key among the headers that are sent', async () => {
    const headers = ['content-length', '0', 'idempotency-key', 'k'];
    const { result } = retryOf()('POST', [failed('no-response'), response], headers);
    expect(await result).toBe(response);
  });

  it('after a growing pause', async () => {
    jest.useFakeTimers();
    const outcomes = [failed('no-response'), failed('no-response'), response];
    const { result, attempt } = retryOf({ random: () => 0.5 })('GET', outcomes);
    for (const [pauseMs, attempts] of [
      [24, 1],
      [1, 2],
      [49, 2],
      [1, 3],
    ] as const) {
      await jest.advanceTimersByTimeAsync(pauseMs);
      expect(attempt).toHaveBeenCalledTimes(attempts);
    }
    expect(await result).toBe(response);
  });
});

describe('a request is not sent again', () => {
  it.each([
    ['for POST', 'POST', failed('no-response'), []],
    ['for POST, though it was never sent', 'POST', failed('unreachable'), []],
    ['for PATCH', 'PATCH', failed('no-response'), []],
    ['for TRACE', 'TRACE', failed('no-response'), []],
    [
      'for a header whose value is the key’s name',
      'POST',
      failed('no-response'),
      ['x', 'idempotency-key'],
    ],
    ['once its time was up', 'GET', failed('timeout'), []],
    ['once its time was up while it connected', 'GET', failed('connect-timeout'), []],
    ['after the response has begun', 'GET', failed('bad-response'), []],
    ['after the response was too large', 'GET', failed('response-too-large'), []],
  ])('%s', async (_, method, failure, headers) => {
    const { result, attempt } = retryOf()(method, [failure, response], headers);
    await expect(result).rejects.toMatchObject({ name: 'GatewayError' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('more often than the upstream’s policy says', async () => {
    const { result, attempt } = retryOf({ retries: 1 })('GET', [
      failed('no-response'),
      failed('unreachable'),
      response,
    ]);
    await expect(result).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it('more often than the policy says for one, even if responses to others added a retry', async () => {
    const retry = retryOf({ retries: 1 });
    const { result, attempt } = retry('GET', [failed('no-response')]);
    attempt
      .mockImplementationOnce(async () => {
        for (let count = 0; count < 5; count += 1) await retry('GET', [response]).result;
        return failed('unreachable');
      })
      .mockResolvedValueOnce(response);
    await expect(result).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it('if the pause would exceed its time', async () => {
    const retry = retryOf({ random: () => 0.9 });
    const { result, attempt } = retry('GET', [failed('no-response'), response], [], 45);
    await expect(result).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('if its time is up before the first attempt, which is not an upstream failure', async () => {
    const admit = jest.fn<CircuitBreaker['admit']>();
    const { result } = retryOf({ breaker: { admit } })('GET', [response], [], 0);
    await expect(result).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(admit).not.toHaveBeenCalled();
  });

  it('more often than the policy says for one, when all fail', async () => {
    const retry = retryOf({ retries: 3 });
    const attempts = [];
    for (let count = 0; count < 100; count += 1) {
      const { result, attempt } = retry('GET', Array<Attempt>(4).fill(failed('no-response')));
      await result.catch(() => undefined);
      attempts.push(attempt.mock.calls.length);
    }
    expect(attempts).toEqual([4, ...Array<number>(99).fill(1)]);
  });

  it('after the retries are used, until five requests got a response', async () => {
    const retry = retryOf({ retries: 1 });
    const blip = async (): Promise<string> => {
      const { result } = retry('GET', [failed('no-response'), response]);
      return result.then(
        () => 'responded',
        () => 'failed',
      );
    };
    const outcomes = [await blip(), await blip()];
    for (let count = 0; count < 4; count += 1) await retry('GET', [response]).result;
    outcomes.push(await blip());
    expect(outcomes).toEqual(['responded', 'failed', 'responded']);
  });
});

describe('the breaker', () => {
  it('prevents the first attempt while it is open, and the response says so', async () => {
    const breaker: CircuitBreaker = {
      admit: () => ({ kind: 'refused', retryAfterSeconds: 4 }),
    };
    const { result, attempt } = retryOf({ breaker })('GET', []);
    await expect(result).rejects.toMatchObject({
      code: 'UPSTREAM_BREAKER_OPEN',
      headers: { 'retry-after': '4' },
    });
    expect(attempt).not.toHaveBeenCalled();
  });

  it('receives one outcome per request, that of its last attempt', async () => {
    const { breaker, reported } = breakerThat();
    const last = failed('unreachable');
    const { result } = retryOf({ breaker })('GET', [
      failed('no-response'),
      failed('no-response'),
      last,
    ]);
    await expect(result).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    expect(reported).toEqual([last]);
  });

  it('receives a response after a retry as a success', async () => {
    const { breaker, reported } = breakerThat();
    await retryOf({ breaker })('GET', [failed('no-response'), response]).result;
    expect(reported).toEqual([response]);
  });

  it.each([
    ['before the pause', () => false],
    ['during the pause', jest.fn(() => false).mockReturnValueOnce(true)],
  ])('that allows no further retry leaves the failure in the response: %s', async (_, mayRetry) => {
    const { breaker } = breakerThat(mayRetry);
    const { result, attempt } = retryOf({ breaker })('GET', [failed('unreachable'), response]);
    await expect(result).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('is not left waiting for a request that throws', async () => {
    const { breaker, reported } = breakerThat();
    const { result } = retryOf({ breaker })('GET', [Promise.reject(new RangeError('x')) as never]);
    await expect(result).rejects.toThrow(RangeError);
    expect(reported).toEqual([undefined]);
  });
});

describe('the error for the client', () => {
  it.each([
    ['unreachable', 'UPSTREAM_UNREACHABLE', 'Try again later.'],
    [
      'no-response',
      'UPSTREAM_BAD_RESPONSE',
      'The connection to the upstream was closed before it sent a response.',
    ],
    ['bad-response', 'UPSTREAM_BAD_RESPONSE', 'The upstream response was incomplete'],
    ['response-too-large', 'UPSTREAM_RESPONSE_TOO_LARGE', 'Request less data at a time'],
    ['connect-timeout', 'UPSTREAM_TIMEOUT', 'Try again later.'],
    ['timeout', 'UPSTREAM_TIMEOUT', 'Try again later.'],
  ] as const)('of the kind %s is %s, and the log its cause', async (reason, code, detail) => {
    const cause = new Error('ECONNRESET');
    const { result } = retryOf()('POST', [failed(reason, cause)]);
    await expect(result).rejects.toMatchObject({
      code,
      detail: expect.stringContaining(detail),
      cause,
    });
  });
});
