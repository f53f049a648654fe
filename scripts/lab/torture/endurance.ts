import '../../../handler/testing/example/load-example.ts';
import type { Socket } from 'node:net';
import { captureOutput } from '../../../handler/testing/captured-output.ts';
import { httpApiEvent, lambdaContext } from '../../../handler/testing/events.ts';
import { type Random, seededRandom } from '../../../handler/testing/random.ts';
import { startStubServices } from '../../../handler/testing/stub-services.ts';
import type { Outcome } from '../checks/check.ts';

const mostBytesPer100k = 1_048_576;

/** The caches drop half of their entries at a time: with fewer requests, these changes exceed the allowed growth. */
const leastToJudgeHeap = 100_000;

/** More than the caches hold, so that they are full and turn over. */
const users = 12_000;
const samples = 60;
/** Warm-up in which the caches fill, with new callers only; not evaluated. */
const warmUp = 30_000;
const allowedGrowth = 2;

const [count = 200_000, seed = 1] = process.argv.slice(2).map(Number);
const random = seededRandom(seed);
const output = captureOutput();
const { start } = await import('../../../handler/src/index.ts');
const stub = await startStubServices({
  service: (_, response) => {
    response.statusCode = random() < 0.02 ? 500 : 200;
    response.end('{"from":"service"}');
  },
});
const gateway = start({ ...stub.environment, GATEWAY_SESSION_CACHE_SECONDS: '5' });
const tokens = await Promise.all(
  Array.from({ length: users }, (_, index) => stub.signIn(`user-${index}`)),
);

interface Sample {
  readonly at: number;
  readonly heapBytes: number;
  readonly sockets: number;
  readonly timers: number;
  readonly listeners: number;
}

const taken: Sample[] = [];
let unexpectedResponses = 0;
const every = Math.floor(count / samples);
for (let sent = 1 - warmUp; sent <= count; sent += 1) {
  const [event, expected] = anyRequest(random, sent <= 0 ? random() * 0.2 + 0.4 : random());
  const { statusCode } = await gateway(event, lambdaContext());
  if (!expected.includes(statusCode ?? 0)) unexpectedResponses += 1;
  output.take();
  if (sent > 0 && sent % every === 0) taken.push(await sample(sent));
}
await stub.stop();
output.giveBack();
console.log(JSON.stringify(judge(taken)));

function anyRequest(
  chance: Random,
  kind: number,
): readonly [ReturnType<typeof httpApiEvent>, readonly number[]] {
  const token = tokens[Math.floor(chance() * tokens.length)] ?? '';
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const clientIp = `10.${[1, 2, 3].map(() => Math.floor(chance() * 256)).join('.')}`;
  const served = [200, 500];
  if (kind < 0.5) return [httpApiEvent('GET', '/api/v1/users', { headers, clientIp }), served];
  if (kind < 0.6) return [httpApiEvent('GET', '/api/v1/status', { clientIp }), served];
  if (kind < 0.7) {
    const body = JSON.stringify({ name: 'x'.repeat(chance() * 4_000) });
    return [httpApiEvent('POST', '/api/v1/users', { headers, body, clientIp }), [400, 413]];
  }
  if (kind < 0.8) return [httpApiEvent('GET', `/nowhere/${chance()}`, { clientIp }), [404]];
  if (kind < 0.9) {
    const forged = { authorization: `Bearer ${token.slice(0, -4)}AAAA` };
    return [httpApiEvent('GET', '/api/v1/users', { headers: forged, clientIp }), [401]];
  }
  return [httpApiEvent('PUT', '/api/v1/admin/settings', { headers, body: '{', clientIp }), [400]];
}

async function sample(at: number): Promise<Sample> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  globalThis.gc?.();
  const resources = process.getActiveResourcesInfo();
  const sockets = (process as unknown as { _getActiveHandles(): readonly Socket[] })
    ._getActiveHandles()
    .filter((handle) => 'remoteAddress' in handle);
  const emitters = [process, process.stdout, process.stderr, ...sockets];
  return {
    at,
    heapBytes: process.memoryUsage().heapUsed,
    sockets: sockets.length,
    timers: resources.filter((name) => name === 'Timeout').length,
    listeners: Math.max(...emitters.map(listenersOf)),
  };
}

function listenersOf(emitter: NodeJS.EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

/** Least squares through the heap; the others may not be higher in the second half than in the first. */
function judge(all: readonly Sample[]): Outcome {
  const meanAt = mean(all.map(({ at }) => at));
  const meanHeap = mean(all.map(({ heapBytes }) => heapBytes));
  const rise = mean(all.map(({ at, heapBytes }) => (at - meanAt) * (heapBytes - meanHeap)));
  const spread = mean(all.map(({ at }) => (at - meanAt) ** 2));
  const heapSlopeBytesPer100k = Math.round((rise / spread) * 100_000);
  const [first, second] = [all.slice(0, all.length / 2), all.slice(all.length / 2)];
  const figures: Record<string, number> = { heapSlopeBytesPer100k };
  const problems: string[] = [];
  for (const name of ['sockets', 'timers', 'listeners'] as const) {
    const [before, after] = [first, second].map((part) =>
      Math.max(...part.map((one) => one[name])),
    );
    figures[name] = after ?? 0;
    if ((after ?? 0) > (before ?? 0) + allowedGrowth)
      problems.push(`${name} grew from ${before} to ${after}`);
  }
  if (count >= leastToJudgeHeap && heapSlopeBytesPer100k > mostBytesPer100k)
    problems.push('the heap grows');
  if (unexpectedResponses > 0) problems.push(`${unexpectedResponses} unexpected responses`);
  const { length: failed } = problems;
  return { passed: count - failed, failed, detail: problems.join('\n'), figures };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
