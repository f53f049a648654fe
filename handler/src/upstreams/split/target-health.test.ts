import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '../../http/gateway-error.ts';
import { createTargetHealth, type Verdict, verdictOf } from './target-health.ts';

const leftOutMs = 10_000;

const world = () => {
  const clock = { nowMs: 0 };
  const health = createTargetHealth({ leftOutMs, now: () => clock.nowMs });
  const admit = (caller: string, mayRepeat = true) => health.admit(() => caller, mayRepeat);
  const request = (verdict: Verdict, caller = 'alice') => {
    const admitted = admit(caller);
    admitted?.report(verdict);
    return admitted !== undefined;
  };
  return { clock, admit, request };
};

describe('a target', () => {
  it('is left out for everyone after one certain failure, until a probe succeeds', () => {
    const { clock, request, admit } = world();
    expect(request('certain')).toBe(true);
    clock.nowMs += leftOutMs - 1;
    expect(request('none', 'bob')).toBe(false);
    clock.nowMs += 1;
    const probe = admit('bob');
    expect(probe).toBeDefined();
    expect(request('none', 'carol')).toBe(false); // The probe is under way.
    probe?.report('none');
    expect(request('none', 'carol')).toBe(true);
  });

  it('is left out for as long again after a probe that fails', () => {
    const { clock, request } = world();
    request('certain');
    clock.nowMs += leftOutMs;
    expect(request('doubtful')).toBe(true);
    clock.nowMs += leftOutMs - 1;
    expect(request('none')).toBe(false);
    clock.nowMs += 1;
    expect(request('none')).toBe(true);
    expect(request('none')).toBe(true);
  });

  it('is left out only for the caller whose request may have caused the failure, for a while', () => {
    const { clock, request } = world();
    request('doubtful', 'alice');
    expect(request('none', 'alice')).toBe(false);
    // A success of another caller does not bring back the one who would see another error.
    expect(request('none', 'bob')).toBe(true);
    expect(request('none', 'alice')).toBe(false);
    clock.nowMs += leftOutMs;
    expect(request('none', 'alice')).toBe(true);
  });

  it('is left out for everyone once the requests of two callers failed', () => {
    const { request } = world();
    request('doubtful', 'alice');
    request('doubtful', 'bob');
    expect(request('none', 'carol')).toBe(false);
  });

  it('is not left out for everyone by failures of two callers that are far apart', () => {
    const { clock, request } = world();
    request('doubtful', 'alice');
    clock.nowMs += leftOutMs;
    request('doubtful', 'bob');
    expect(request('none', 'carol')).toBe(true);
  });

  it('is probed by a request that cannot be repeated only if no other has come for as long again', () => {
    const { clock, request, admit } = world();
    request('certain');
    clock.nowMs += leftOutMs;
    expect(admit('alice', false)).toBeUndefined();
    clock.nowMs += leftOutMs;
    expect(admit('alice', false)).toBeDefined();
  });

  it('gets the next request as a probe if the outcome of one says nothing', () => {
    const { clock, request } = world();
    request('certain');
    clock.nowMs += leftOutMs;
    expect(request('unknown')).toBe(true);
    expect(request('none')).toBe(true);
    expect(request('none')).toBe(true);
  });

  it('stays left out when a request from before the failure succeeds', () => {
    const { request, admit } = world();
    const earlier = admit('bob');
    request('certain');
    earlier?.report('none');
    expect(request('none', 'bob')).toBe(false);
  });
});

describe('the verdict on a target', () => {
  const response = (statusCode: number) => ({ statusCode, headers: {} });
  const error = (code: 'UPSTREAM_UNREACHABLE' | 'UPSTREAM_TIMEOUT' | 'UPSTREAM_BREAKER_OPEN') =>
    new GatewayError(code, { detail: '' });

  it.each([
    [response(200), 'none'],
    [response(404), 'none'],
    [response(500), 'none'],
    [response(502), 'certain'],
    [response(503), 'certain'],
    [response(504), 'certain'],
    [error('UPSTREAM_UNREACHABLE'), 'certain'],
    [error('UPSTREAM_TIMEOUT'), 'doubtful'],
    [error('UPSTREAM_BREAKER_OPEN'), 'unknown'],
  ] as const)('by %j is "%s"', (outcome, verdict) => {
    expect(verdictOf(outcome)).toBe(verdict);
  });
});
