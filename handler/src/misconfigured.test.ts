import { describe, expect, it, jest } from '@jest/globals';
import { misconfigured } from './misconfigured.ts';
import type { Log } from './telemetry/logger.ts';

describe('a misconfigured environment', () => {
  it('is logged at the start and on readiness requests, at most once per minute, and never sent to a client', async () => {
    let nowMs = 1_000;
    const error = jest.fn<Log['error']>();
    const log = { info: () => undefined, warn: () => undefined, error };
    const misconfigurations = ['AWS_REGION is missing: set it to an AWS region, such as us-east-1'];
    const { readiness } = misconfigured(misconfigurations, { log, now: () => nowMs });
    const linesAfter = async (passedMs: number): Promise<number> => {
      nowMs += passedMs;
      const refusal: unknown = await readiness().catch((cause: unknown) => cause);
      expect(refusal).toMatchObject({ code: 'GATEWAY_MISCONFIGURED', status: 503 });
      expect(String(refusal)).not.toContain('AWS_REGION');
      return error.mock.calls.length;
    };
    expect(await linesAfter(59_999)).toBe(1);
    expect(await linesAfter(1)).toBe(2);
    expect(await linesAfter(1)).toBe(2);
    expect(error).toHaveBeenLastCalledWith('the gateway is misconfigured', { misconfigurations });
  });
});
