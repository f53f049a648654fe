import { type Candidate, isGateway } from '../candidates.ts';
import { type BenchRun, measureCommand, startWarm } from '../measure/bench-run.ts';
import type { CandidateProcess } from '../measure/candidate-process.ts';
import type { WarmFigures } from '../measure/warm.ts';
import { download, eventFor, firstWorkload } from '../workloads.ts';

export interface BodiesPoint {
  readonly bytes: number;
  readonly floor_cpu_us: number;
  readonly postern_cpu_us: number;
  /** How often the body's bytes were copied, by the calls that copy. */
  readonly postern_copies: number;
}

/** A Lambda response has at most 6 MB, and a small part of that is not the body. */
const sizes = [1, 16, 64, 256, 1_024, 2_048, 4_096, 5_800].map((kib) => kib * 1024);

/** CPU of a request by response size, next to the floor's. */
export const growBodies = async (run: BenchRun): Promise<readonly BodiesPoint[]> => {
  const floor = await startFor(run, ({ name }) => name === 'node_http');
  const postern = await startFor(run, isGateway);
  try {
    const points: BodiesPoint[] = [];
    for (const bytes of sizes) {
      const token = run.tokens[points.length] ?? '';
      points.push({
        bytes,
        floor_cpu_us: await cpuUs(floor, bytes),
        postern_cpu_us: await cpuUs(postern, bytes),
        postern_copies: await copies(postern, bytes, token),
      });
    }
    await run.stub.observe();
    return points;
  } finally {
    await Promise.all([floor.stop(), postern.stop()]);
  }
};

const startFor = async (
  run: BenchRun,
  wanted: (candidate: Candidate) => boolean,
): Promise<CandidateProcess> => {
  const candidate = run.candidates.find(wanted);
  if (!candidate) throw new Error('Neither the floor nor Postern is among the candidates');
  const process = await startWarm(run, candidate, firstWorkload);
  await process.request(measureCommand(firstWorkload, 500));
  return process;
};

/** Number of requests for which each size takes about the same total time. */
const cpuUs = async (process: CandidateProcess, bytes: number): Promise<number> => {
  const count = Math.max(8, Math.min(200, Math.round(16_777_216 / bytes)));
  await process.request(measureCommand(download('json', bytes), Math.ceil(count / 3)));
  const response = await process.request<WarmFigures>(
    measureCommand(download('json', bytes), count),
  );
  return response.cpuUs;
};

const copies = async (process: CandidateProcess, bytes: number, token: string): Promise<number> => {
  const event = eventFor(download('json', bytes));
  const question = { kind: 'copies', event, token, leastBytes: bytes };
  const { bytesWritten } = await process.request<{ bytesWritten: number }>(question);
  return bytesWritten / bytes;
};
