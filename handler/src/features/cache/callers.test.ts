import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { casesOf, seedOf } from '../../../testing/effort.ts';
import { createFakeDynamoDb } from '../../../testing/fake-aws/fake-dynamodb.ts';
import { gatewayRequest } from '../../../testing/gateway-request.ts';
import { nowMs, route } from '../../../testing/gateway-with.ts';
import { recordLog } from '../../../testing/recorded-log.ts';
import { GatewayError } from '../../http/gateway-error.ts';
import type { ForwardInput } from '../../parts.ts';
import { createResponseTable } from '../../stores/cache/dynamodb-responses.ts';
import { noPurges } from '../../stores/cache/purge-list.ts';
import { forwardCached } from './cache.ts';

interface Step {
  readonly who: 'nobody' | 'alice' | 'bob' | 'basic' | 'cookie';
  readonly environment: 0 | 1;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: '/a' | '/b';
  readonly language: string | undefined;
  readonly said: string;
  readonly vary: string;
  readonly request: string;
  readonly seconds: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    who: fc.constantFrom('nobody', 'alice', 'bob', 'basic', 'cookie'),
    environment: fc.constantFrom(0, 1),
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST'),
    path: fc.constantFrom('/a', '/b'),
    language: fc.constantFrom(undefined, 'de', 'en'),
    said: fc.constantFrom(
      ...['', 'max-age=9', 'public, max-age=9', 's-maxage=5', 'private, max-age=9', 'no-store'],
      ...['max-age=9, must-revalidate', 'max-age=2, stale-while-revalidate=20, stale-if-error=20'],
    ),
    vary: fc.constantFrom('', '', 'Accept-Language', 'Cookie', '*'),
    request: fc.constantFrom('', '', 'no-cache', 'max-stale', 'only-if-cached'),
    seconds: fc.integer({ min: 0, max: 6 }),
  } satisfies { readonly [K in keyof Step]: fc.Arbitrary<Step[K]> }),
  { minLength: 5, maxLength: 30 },
);

const callers = { alice: { userId: 'alice', roles: [] }, bob: { userId: 'bob', roles: [] } };

const inputOf = ({ who, method, path, language, request }: Step, id: string): ForwardInput => {
  const caller = who === 'alice' || who === 'bob' ? callers[who] : undefined;
  return {
    request: gatewayRequest({
      id,
      method,
      path,
      headers: {
        ...(language !== undefined && { 'accept-language': language }),
        ...(who === 'basic' && { authorization: 'Basic YTpi' }),
        ...(request !== '' && { 'cache-control': request }),
      },
      cookies: who === 'cookie' ? ['sid=1'] : [],
    }),
    route: route(`${method} ${path}`, {
      ...(method === 'POST'
        ? { changesCached: true }
        : { cache: { ttlSeconds: 4, isInTable: true } }),
    }),
    target: { kind: 'http', upstream: 'service', rewrite: undefined, timeoutMs: 1_000 },
    params: {},
    deadlineMs: Number.POSITIVE_INFINITY,
    caller,
    callerKey: () => '',
  };
};

/** What the service knew of a request whose response it wrote. */
interface Written extends Step {
  readonly atMs: number;
}

const play = async (played: readonly Step[]): Promise<void> => {
  const clock = { nowMs };
  const dynamoDb = createFakeDynamoDb({ cache: 'cache_key' });
  const now = (): number => clock.nowMs;
  let current: Step | undefined;
  const environments = [0, 1].map(() =>
    forwardCached(
      async ({ request, target }) => ({
        upstream: { name: target.upstream },
        outcome: {
          statusCode: 200,
          headers: {
            etag: `"${String(current?.who)}"`,
            ...(current?.said && { 'cache-control': current.said }),
            ...(current?.vary && { vary: current.vary }),
          },
          body: Buffer.from(
            request.method === 'HEAD' ? '' : JSON.stringify({ ...current, atMs: clock.nowMs }),
          ),
        },
      }),
      {
        now,
        log: recordLog().log,
        metrics: { add: () => undefined, endRequest: () => undefined },
        cachePurges: { read: async () => noPurges },
        cachedResponses: createResponseTable({ dynamoDb, tableName: 'cache', now }),
      },
    ),
  );
  const changedAtMs = new Map<string, number>();
  for (const [index, step] of played.entries()) {
    clock.nowMs += step.seconds * 1_000 + 1;
    current = step;
    const { outcome, upstream } =
      (await environments[step.environment]?.(inputOf(step, String(index)))) ?? {};
    if (step.method === 'POST') {
      changedAtMs.set(`${step.environment} ${step.path}`, clock.nowMs);
      continue;
    }
    if (outcome === undefined || outcome instanceof GatewayError || step.method === 'HEAD')
      continue;
    const written = JSON.parse(String(outcome.body)) as Written;
    if (upstream?.cache === 'miss') expect(written.atMs).toBe(clock.nowMs);
    judge(step, written, clock.nowMs);
    const key = `${step.environment} ${step.path}`;
    expect(written.atMs).toBeGreaterThan(changedAtMs.get(key) ?? 0);
  }
};

const judge = (step: Step, written: Written, atMs: number): void => {
  if (written.atMs === atMs) return;
  expect(written.path).toBe(step.path);
  expect(written.said).not.toMatch(/private|no-store/);
  expect(written.vary).not.toBe('*');
  if (written.vary === 'Accept-Language') expect(written.language).toBe(step.language);
  if (written.who !== step.who) expect(written.said).toMatch(/public|s-maxage/);
  if (written.vary === 'Cookie') expect(written.who === 'cookie').toBe(step.who === 'cookie');
  const fresh = Number(/(?:max-age|s-maxage)=(\d+)/.exec(written.said)?.[1] ?? 4);
  const allowed = step.request === 'max-stale' || written.said.includes('stale');
  if (!allowed) expect(atMs - written.atMs).toBeLessThanOrEqual(fresh * 1_000);
};

describe('a cache in two execution environments with a table', () => {
  it('sends nobody what is another’s, forbidden, too old or of before a change', async () => {
    await fc.assert(fc.asyncProperty(steps, play), {
      numRuns: casesOf(100, 20_000),
      seed: seedOf(20_261_129),
    });
  }, 600_000);
});
