import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, environment, latelyReceived, revoke, signIn } from '../../../handler/test/stack.ts';
import { visitor } from '../../../handler/testing/rate-limit-rules.ts';
import { seededRandom } from '../../../handler/testing/random.ts';
import { lease } from '../../../handler/src/stores/buckets/key-memory.ts';
import { bucketOf } from '../../../handler/src/stores/buckets/token-bucket.ts';
import { headerOf } from '../../stack/demo-upstreams/exchange.ts';

/** The last line of standard output, as JSON. */
export interface KilledWorkers {
  readonly kills: number;
  readonly requests: number;
  readonly broken: number;
  readonly sessions: number;
  /** Sessions that were created, and were refused at some time although they had not ended. */
  readonly lostSessions: number;
  /** Requests of the one address that reached the service, including those lost with their worker. */
  readonly admitted: number;
  readonly bound: number;
  /** In words; empty, or something is wrong. */
  readonly problems: readonly string[];
}

const clients = 8;
const [wantedKills = 200, seed = 1] = process.argv.slice(2).map(Number);
const random = seededRandom(seed);
const { pid: cloud } = JSON.parse(readFileSync(join(environment.folder, 'cloud.pid'), 'utf8')) as {
  pid: number;
};

const statuses = new Map<string, number>();
const problems: string[] = [];
const lost = new Set<string>();
let isOver = false;
const admitted = new Set<string>();
let whole = 0;

const held = [await signIn(['user'], { lifetimeSeconds: 3_600 })];
const revoked: string[] = [];

/** Half of the clients share one address that exceeds its limit, the others are signed in. */
const askOnAndOn = async (_: unknown, client: number): Promise<void> => {
  while (!isOver) {
    const token = client % 2 === 0 ? undefined : held[Math.floor(random() * held.length)];
    const status = await statusOf(token);
    if (status === '200' || status === '429') whole += 1;
    if (status === '401' && token !== undefined) lost.add(token);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
};

async function statusOf(token: string | undefined): Promise<string> {
  const answer =
    token === undefined ? call('GET', '/api/v1/status') : call('GET', '/api/v1/users', { token });
  return answer.then(
    ({ status }) => String(status),
    () => 'no answer',
  );
}

async function noteAdmitted(): Promise<void> {
  for (const { rawHeaders } of await latelyReceived('status')) {
    admitted.add(headerOf(rawHeaders, 'x-request-id') ?? '');
  }
}

/** Often enough that the service cannot receive more requests in between than it remembers. */
async function keepNoting(): Promise<void> {
  for (; !isOver; await sleep(200)) await noteAdmitted();
}

/** The emulator runs the function in processes of Node, one a request at a time. */
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

const startedAtMs = performance.now();
const load = [...Array.from({ length: clients }, askOnAndOn), keepNoting()];
let kills = 0;
while (kills < wantedKills) {
  const token = await signIn(['user'], { lifetimeSeconds: 3_600 });
  if (killOne()) kills += 1;
  if (random() < 0.3) {
    await revoke(token);
    revoked.push(token);
  } else held.push(token);
  await untilServed(random() * 2 * clients);
}
isOver = true;
await Promise.all(load);
await noteAdmitted();
const seconds = (performance.now() - startedAtMs) / 1000;

for (const token of held) if ((await statusOf(token)) !== '200') lost.add(token);
for (const token of revoked) {
  const status = await statusOf(token);
  if (status !== '401') problems.push(`a revoked session was answered ${status}`);
}
if (lost.size > 0) problems.push(`${lost.size} sessions that hold were called ended`);

/** Between two kills the function serves requests; otherwise only its starts would be killed. */
async function untilServed(answers: number): Promise<void> {
  const enough = whole + answers;
  for (let waitedMs = 0; whole < enough && waitedMs < 10_000; waitedMs += 10) await sleep(10);
}

const { burst, intervalMicros, epochMicros } = bucketOf(visitor);
const micros = seconds * 1e6 + lease.lifeMicros + epochMicros;
const bound = Math.floor(burst + micros / intervalMicros);
if (admitted.size > bound) problems.push(`${admitted.size} admitted where ${bound} may be`);
const requests = [...statuses.values()].reduce((sum, number) => sum + number, 0);
const broken = requests - (statuses.get('200') ?? 0) - (statuses.get('429') ?? 0);
const report: KilledWorkers = {
  kills,
  requests,
  broken,
  sessions: held.length + revoked.length,
  lostSessions: lost.size,
  admitted: admitted.size,
  bound,
  problems,
};
console.error(JSON.stringify(Object.fromEntries(statuses)));
console.log(JSON.stringify(report));
