import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { lease } from '../../../handler/src/stores/buckets/key-memory.ts';
import { bucketOf } from '../../../handler/src/stores/buckets/token-bucket.ts';
import { call, environment, latelyReceived, revoke, signIn } from '../../../handler/test/stack.ts';
import { casesOf, report, seedOf } from '../../../handler/testing/effort.ts';
import { seededRandom } from '../../../handler/testing/random.ts';
import { visitor } from '../../../handler/testing/rate-limit-rules.ts';
import { headerOf } from '../../stack/demo-upstreams/exchange.ts';

jest.setTimeout(30 * 60_000);

const clients = 8;
const wantedKills = casesOf(5, 200);
const seed = seedOf(Date.now() % 2 ** 31);
const random = seededRandom(seed);
const { pid: cloud } = JSON.parse(readFileSync(join(environment.folder, 'cloud.pid'), 'utf8')) as {
  pid: number;
};

const statusOf = async (token: string | undefined): Promise<string> => {
  const response =
    token === undefined ? call('GET', '/api/v1/status') : call('GET', '/api/v1/users', { token });
  return response.then(
    ({ status }) => String(status),
    () => 'no response',
  );
};

/** The emulator runs the function in processes of Node, each with one request at a time. */
const workers = (): readonly number[] => {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .filter(([, , parent, args = '']) => Number(parent) === cloud && args.includes('_worker'))
    .map(([, pid]) => Number(pid));
};

const killOne = (): boolean => {
  const running = workers();
  const victim = running[Math.floor(random() * running.length)];
  if (victim === undefined) return false;
  try {
    process.kill(victim, 'SIGKILL');
    return true;
  } catch {
    return false; // It ended by itself in the meantime.
  }
};

describe(`workers that are killed under load (seed ${seed})`, () => {
  const statuses: string[] = [];
  const admitted = new Set<string>();
  const sessions = new Set<string>();
  const ended = new Set<string>();
  const lost = new Set<string>();
  let seconds: number;

  beforeAll(async () => {
    let isOver = false;
    let served = 0;

    /** Half of the clients share one address that exceeds its limit, the others are signed in. */
    const sendRequests = async (_: unknown, client: number): Promise<void> => {
      while (!isOver) {
        const held = [...sessions];
        const token = client % 2 === 0 ? undefined : held[Math.floor(random() * held.length)];
        const status = await statusOf(token);
        statuses.push(status);
        if (status === '200' || status === '429') served += 1;
        if (status === '401' && token !== undefined) lost.add(token);
      }
    };

    const recordAdmitted = async (): Promise<void> => {
      for (const { rawHeaders } of await latelyReceived('status'))
        admitted.add(headerOf(rawHeaders, 'x-request-id') ?? '');
    };

    /** Often enough that the service cannot receive more requests in between than it remembers. */
    const keepRecording = async (): Promise<void> => {
      for (; !isOver; await sleep(200)) await recordAdmitted();
    };

    /** Between two kills the function serves requests; otherwise only its starts would be killed. */
    const untilServed = async (responses: number): Promise<void> => {
      const enough = served + responses;
      for (let waitedMs = 0; served < enough && waitedMs < 10_000; waitedMs += 10) await sleep(10);
    };

    sessions.add(await signIn(['user'], { lifetimeSeconds: 3_600 }));
    const startedAtMs = performance.now();
    const load = [...Array.from({ length: clients }, sendRequests), keepRecording()];
    for (let kills = 0; kills < wantedKills;) {
      const token = await signIn(['user'], { lifetimeSeconds: 3_600 });
      if (killOne()) kills += 1;
      if (random() < 0.3) {
        await revoke(token);
        ended.add(token);
      } else sessions.add(token);
      await untilServed(random() * 2 * clients);
    }
    isOver = true;
    await Promise.all(load);
    await recordAdmitted();
    seconds = (performance.now() - startedAtMs) / 1000;
  });

  it('lose no session', async () => {
    for (const token of sessions) if ((await statusOf(token)) !== '200') lost.add(token);
    expect([...lost]).toEqual([]);
    report(wantedKills + sessions.size + ended.size, { requests: statuses.length });
  });

  it('let no revoked session be used', async () => {
    const responses = new Set<string>();
    for (const token of ended) responses.add(await statusOf(token));
    expect([...responses]).toEqual(ended.size === 0 ? [] : ['401']);
  });

  it('let no more requests of an address through than its limit allows', () => {
    const { burst, intervalMicros, epochMicros } = bucketOf(visitor);
    const micros = seconds * 1e6 + lease.lifeMicros + epochMicros;
    const bound = Math.floor(burst + micros / intervalMicros);
    expect(admitted.size).toBeLessThanOrEqual(bound);
    report(0, { admitted: admitted.size, bound });
  });
});
