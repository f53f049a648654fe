import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { judgeCorpus, type Judgement } from '../../../handler/testing/hostile/judge-events.ts';
import type { TorturePart } from './part.ts';

const generatedRuns = 1_000_000;

/** A run's memory grows with its length; a chunk also ends its gateway, sockets and all. */
const runsAChunk = 25_000;

/**
 * The corpus, and a million generated requests: each is checked by the invariants of
 * `handler/testing/hostile/invariants.ts`.
 */
export const hostileInputPart: TorturePart = {
  name: 'hostile-input',
  run: async ({ seed, scale }) => {
    const startedAt = performance.now();
    const corpus = await judgeCorpus();
    const chunks = chunksOf(Math.ceil(generatedRuns * scale), seed);
    const judgements = [corpus];
    const take = async (): Promise<void> => {
      for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
        judgements.push(await judgeInWorker(chunk));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, take));

    const cases = total(judgements, (judgement) => judgement.cases);
    const failures = judgements.flatMap((judgement) => judgement.failures);
    return {
      cases,
      failed: failures.length,
      detail: failures.slice(0, 20).join('\n'),
      figures: {
        corpusCases: corpus.cases,
        forwarded: total(judgements, (judgement) => judgement.forwarded),
        longestMs: Math.round(Math.max(...judgements.map(({ longestMs }) => longestMs))),
        casesPerSecond: Math.round(cases / ((performance.now() - startedAt) / 1_000)),
      },
    };
  },
};

export interface Chunk {
  readonly runs: number;
  readonly seed: number;
}

const chunksOf = (runs: number, seed: number): Chunk[] =>
  Array.from({ length: Math.ceil(runs / runsAChunk) }, (_, index) => ({
    runs: Math.min(runsAChunk, runs - index * runsAChunk),
    seed: (seed + index) | 0,
  }));

/** In a separate thread, because captured output belongs to a process or a thread. */
const judgeInWorker = (chunk: Chunk): Promise<Judgement> =>
  new Promise((resolve, reject) => {
    const url = new URL('./hostile-input-worker.ts', import.meta.url);
    new Worker(url, { workerData: chunk }).once('message', resolve).once('error', reject);
  });

const total = (judgements: readonly Judgement[], of: (judgement: Judgement) => number): number =>
  judgements.reduce((sum, judgement) => sum + of(judgement), 0);
