import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type Attempt, failed, type FailureReason } from './attempt.ts';
import { type Admission, createCircuitBreaker, breakerOpenError } from './circuit-breaker.ts';

const responded = (statusCode: number): Attempt => ({
  kind: 'responded',
  statusCode,
  rawHeaders: [],
  body: Buffer.alloc(0),
});
const certain = failed('unreachable');
const doubtful = failed('no-response');

let nowMs = 0;
beforeEach(() => {
  nowMs = 1_000_000;
});

const breakerOf = (failures = 3, openSeconds = 10) => {
  const onOpen = jest.fn();
  const policy = { failures, openSeconds };
  const breaker = createCircuitBreaker({ policy, now: () => nowMs, onOpen });
  const admit = (caller: string) => breaker.admit(() => caller);
  /** One request: its outcome, or that it was refused. */
  const send = (outcome: Attempt | undefined, caller = 'alice'): string => {
    const admission = admit(caller);
    if (admission.kind === 'refused') return `refused for ${admission.retryAfterSeconds} s`;
    admission.report(outcome);
    return 'sent';
  };
  const begin = (caller = 'alice'): Admission => {
    const admission = admit(caller);
    if (admission.kind === 'refused') throw new Error('refused');
    return admission;
  };
  return { send, begin, onOpen };
};

describe('the circuit breaker opens for everyone', () => {
  it('after as many consecutive failures as its threshold, with the remaining time', () => {
    const { send, onOpen } = breakerOf(3, 10);
    const sent = Array.from({ length: 20 }, () => send(certain));
    expect(sent.filter((each) => each === 'sent')).toHaveLength(3);
    expect(onOpen).toHaveBeenCalledTimes(1);
    nowMs += 8_200;
    expect(send(responded(200), 'bob')).toBe('refused for 2 s');
  });

  it.each([
    ['a refused connection', certain],
    ['a connect timeout', failed('connect-timeout')],
    ['a 502', responded(502)],
    ['a 503', responded(503)],
    ['a 504', responded(504)],
  ])('when a single client encounters %s', (_, outcome) => {
    const { send, onOpen } = breakerOf(3);
    for (let count = 0; count < 3; count += 1) send(outcome);
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(send(responded(200), 'bob')).toBe('refused for 10 s');
  });

  it.each([
    ['a connection closed without a response', doubtful],
    ['a response that is not HTTP', failed('bad-response')],
    ['a timeout after connecting', failed('timeout')],
  ])('when a second caller, too, encounters %s', (_, outcome) => {
    const { send, onOpen } = breakerOf(3);
    send(outcome, 'alice');
    send(outcome, 'alice');
    expect(onOpen).not.toHaveBeenCalled();
    send(outcome, 'bob');
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(send(responded(200), 'carol')).toBe('refused for 10 s');
  });

  it('at the first failure of a second caller when it is open for the first', () => {
    const { send, onOpen } = breakerOf(2);
    for (let count = 0; count < 5; count += 1) send(doubtful, 'alice');
    send(doubtful, 'bob');
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(send(responded(200), 'carol')).toBe('refused for 10 s');
  });

  it('when one caller’s doubtful failures are found to be the upstream’s', () => {
    const { send, onOpen } = breakerOf(2);
    send(doubtful);
    send(doubtful);
    for (let count = 0; count < 2; count += 1) {
      nowMs += 10_000;
      send(certain);
    }
    expect(onOpen).toHaveBeenCalledTimes(1);
  });
});

describe('the circuit breaker opens for one caller alone', () => {
  it.each([1, 2, 5])('when all failures are theirs and doubtful: %i', (failures) => {
    const { send, onOpen } = breakerOf(failures);
    const sent = Array.from({ length: 20 }, () => send(doubtful, 'mallory'));
    expect(sent.filter((each) => each === 'sent')).toHaveLength(failures);
    expect(onOpen).not.toHaveBeenCalled();
    expect(send(responded(200), 'alice')).toBe('sent');
  });

  it('when fewer certain failures than its threshold are among them', () => {
    const { send, onOpen } = breakerOf(3);
    for (const outcome of [certain, doubtful, certain]) send(outcome, 'mallory');
    expect(onOpen).not.toHaveBeenCalled();
    expect(send(doubtful, 'mallory')).toBe('refused for 10 s');
  });

  it('until a request of another caller succeeds', () => {
    const { send } = breakerOf(1);
    send(doubtful, 'mallory');
    send(responded(200), 'alice');
    expect(send(responded(200), 'mallory')).toBe('sent');
  });

  it('and does not close when an earlier request of theirs succeeds', () => {
    const { send, begin } = breakerOf(1);
    const slow = begin('mallory');
    send(doubtful, 'mallory');
    slow.report(responded(200));
    expect(send(responded(200), 'mallory')).toBe('refused for 10 s');
  });

  it('and lets them probe after its open time', () => {
    const { send, onOpen } = breakerOf(1);
    send(doubtful, 'mallory');
    nowMs += 10_000;
    expect(send(doubtful, 'mallory')).toBe('sent');
    expect(send(doubtful, 'mallory')).toBe('refused for 10 s');
    nowMs += 10_000;
    expect(send(responded(200), 'mallory')).toBe('sent');
    expect(send(responded(200), 'mallory')).toBe('sent');
    expect(onOpen).not.toHaveBeenCalled();
  });
});

describe('the circuit breaker stays closed', () => {
  it.each([
    ['a 500', responded(500)],
    ['a 429', responded(429)],
    ['a response too large for Lambda', failed('response-too-large')],
  ])('when %s is between failures', (_, outcome) => {
    const { send, onOpen } = breakerOf(2);
    for (let count = 0; count < 5; count += 1) {
      expect(send(certain)).toBe('sent');
      send(outcome);
    }
    expect(onOpen).not.toHaveBeenCalled();
  });

  it('when an outcome says nothing about the upstream', () => {
    const { send, onOpen } = breakerOf(1);
    send(undefined);
    expect(onOpen).not.toHaveBeenCalled();
  });
});

describe('a probe', () => {
  it('is accepted alone after the open time, and closes the breaker', () => {
    const { send, begin } = breakerOf(1);
    send(certain);
    nowMs += 10_000;
    const probe = begin('bob');
    expect([send(responded(200)), send(responded(200), 'bob')]).toEqual(
      Array(2).fill('refused for 1 s'),
    );
    probe.report(responded(200));
    expect(send(responded(200))).toBe('sent');
  });

  it.each([
    ['certain', certain],
    ['doubtful', doubtful],
  ])('that fails keeps it open for as long again, and counts: %s', (_, outcome) => {
    const { send, onOpen } = breakerOf(1);
    send(certain);
    nowMs += 10_000;
    send(outcome, 'bob');
    expect(onOpen).toHaveBeenCalledTimes(2);
    expect(send(responded(200))).toBe('refused for 10 s');
  });

  it('is followed by another if it says nothing about the upstream', () => {
    const { send } = breakerOf(1);
    send(certain);
    nowMs += 10_000;
    send(undefined);
    expect(send(responded(200))).toBe('sent');
  });

  it('is not repeated, nor is a request that began before the breaker opened', () => {
    const { send, begin } = breakerOf(1);
    const before = begin();
    expect(before.mayRetry()).toBe(true);
    send(certain);
    expect(before.mayRetry()).toBe(false);
    nowMs += 10_000;
    expect(begin().mayRetry()).toBe(false);
  });

  it('decides, not requests that began before the breaker opened', () => {
    const { send, begin, onOpen } = breakerOf(1);
    const [failing, responding] = [begin(), begin('bob')];
    send(certain);
    nowMs += 5_000;
    failing.report(certain);
    responding.report(responded(200));
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(send(responded(200))).toBe('refused for 5 s');
  });
});

describe('in every sequence of many concurrent requests', () => {
  const reasons: readonly FailureReason[] = [
    'unreachable',
    'connect-timeout',
    'no-response',
    'timeout',
  ];
  const step = fc.oneof(
    fc.record({ do: fc.constant('begin' as const), caller: fc.constantFrom('a', 'b', 'c') }),
    fc.record({
      do: fc.constant('end' as const),
      index: fc.nat(9),
      reason: fc.constantFrom(undefined, ...reasons),
    }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.nat(15_000) }),
  );

  it('one caller’s doubtful failures affect no other caller, and at most one request probes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const policy = { failures: 3, openSeconds: 10 };
        const breaker = createCircuitBreaker({ policy, now: () => nowMs, onOpen: () => undefined });
        const open: { caller: string; admission: Admission }[] = [];
        for (const each of steps) {
          if (each.do === 'wait') nowMs += each.ms;
          if (each.do === 'begin') {
            const admission = breaker.admit(() => each.caller);
            if (admission.kind === 'admitted') open.push({ caller: each.caller, admission });
            else expect(admission.retryAfterSeconds).toBeGreaterThanOrEqual(1);
          }
          if (each.do === 'end') {
            const [ended] = open.splice(each.index % Math.max(1, open.length), 1);
            // Only a's requests fail, and never certainly.
            const isFailure = each.reason !== undefined && ended?.caller === 'a';
            ended?.admission.report(isFailure ? doubtful : responded(200));
          }
          for (const caller of ['b', 'c']) {
            const admission = breaker.admit(() => caller);
            expect(admission.kind).toBe('admitted');
          }
        }
      }),
    );
  });

  it('the upstream is eventually called again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const policy = { failures: 2, openSeconds: 10 };
        const breaker = createCircuitBreaker({ policy, now: () => nowMs, onOpen: () => undefined });
        const open: Admission[] = [];
        for (const each of steps) {
          if (each.do === 'wait') nowMs += each.ms;
          if (each.do === 'begin') {
            const admission = breaker.admit(() => each.caller);
            if (admission.kind === 'admitted') open.push(admission);
          }
          if (each.do === 'end') {
            const [ended] = open.splice(each.index % Math.max(1, open.length), 1);
            ended?.report(each.reason === undefined ? responded(200) : failed(each.reason));
          }
        }
        for (const admission of open) admission.report(failed('timeout'));
        nowMs += 10_000;
        const probe = breaker.admit(() => 'a');
        expect(probe.kind).toBe('admitted');
        if (probe.kind === 'admitted') probe.report(responded(200));
        for (const caller of ['a', 'b']) expect(breaker.admit(() => caller).kind).toBe('admitted');
      }),
    );
  });
});

describe('breakerOpenError', () => {
  it('is a 503 with Retry-After', () => {
    expect(breakerOpenError({ kind: 'refused', retryAfterSeconds: 7 })).toMatchObject({
      code: 'UPSTREAM_BREAKER_OPEN',
      status: 503,
      detail: 'Try again in 7 s.',
      headers: { 'retry-after': '7' },
    });
  });
});
