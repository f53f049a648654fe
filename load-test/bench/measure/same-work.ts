import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Candidate, type CandidateName, forwards, isGateway } from '../candidates.ts';
import { workFolder } from '../folders.ts';
import { receiptOf } from '../stub/bodies.ts';
import { eventFor, firstWorkload, workloads } from '../workloads.ts';
import { type BenchRun, measureCommand, startWarm } from './bench-run.ts';
import type { CandidateProcess } from './candidate-process.ts';

export interface Work {
  readonly dynamoDbReads: number;
  readonly dynamoDbWrites: number;
  readonly logLines: number;
  readonly logBytes: number;
}

/** What a request causes, by candidate. */
export type WorkPerRequest = Readonly<Partial<Record<CandidateName, Work>>>;

interface Result {
  readonly statusCode: number;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

const requests = 60;

/** Some candidates log a request only after its response was sent. */
const lateLogMs = 50;

/**
 * Checks that all candidates do the same work before anything is timed: the same bytes are sent and received, a forged
 * token is refused without a call to DynamoDB, each request reads its session, counts against its limit and is logged.
 */
export const checkSameWork = async (run: BenchRun): Promise<WorkPerRequest> => {
  const expected = new Map<string, string>();
  const work: Partial<Record<CandidateName, Work>> = {};
  for (const candidate of run.candidates.filter(forwards)) {
    const logFile = join(workFolder, `log-${candidate.name}.txt`);
    writeFileSync(logFile, '');
    const process = await startWarm(run, candidate, firstWorkload, logFile);
    try {
      await checkBodies(run, candidate, process, expected);
      if (isGateway(candidate)) {
        await checkForgedToken(run, candidate, process);
        work[candidate.name] = await countWork(run, candidate, process, logFile);
      }
    } finally {
      await process.stop();
    }
  }
  return work;
};

const checkBodies = async (
  { tokens, stub }: BenchRun,
  { title }: Candidate,
  process: CandidateProcess,
  expected: Map<string, string>,
): Promise<void> => {
  for (const workload of workloads) {
    const question = { kind: 'body', event: eventFor(workload), token: tokens[1] };
    const { body = '', isBase64Encoded } = await process.request<Result>(question);
    if (workload.upload && body !== receiptOf(workload.upload)) {
      throw new Error(`${title} does not send ${workload.title} as it came: ${body}`);
    }
    const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
    const hash = createHash('sha256').update(bytes).digest('hex');
    // The floor runs first, and its response is the upstream's.
    if ((expected.get(workload.name) ?? hash) !== hash) {
      throw new Error(`${title} does not return ${workload.title} as the upstream sent it`);
    }
    expected.set(workload.name, hash);
  }
  await stub.observe();
};

const checkForgedToken = async (
  { tokens, stub }: BenchRun,
  { title }: Candidate,
  process: CandidateProcess,
): Promise<void> => {
  const [head = '', claims = ''] = (tokens[2] ?? '').split('.');
  const forged = `${head}.${claims}.${'A'.repeat(43)}`;
  const question = { kind: 'body', event: eventFor(firstWorkload), token: forged };
  const { statusCode } = await process.request<Result>(question);
  const { calls } = await stub.observe();
  if (statusCode !== 401 || Object.keys(calls).length > 0) {
    throw new Error(
      `${title} responds to a forged token with ${statusCode}, after ${JSON.stringify(calls)}`,
    );
  }
};

const countWork = async (
  { stub }: BenchRun,
  { title }: Candidate,
  process: CandidateProcess,
  logFile: string,
): Promise<Work> => {
  await sleep(lateLogMs);
  writeFileSync(logFile, '');
  await process.request(measureCommand(firstWorkload, requests));
  await sleep(lateLogMs);
  const { calls } = await stub.observe();
  const log = readFileSync(logFile, 'utf8');
  const lines = log.split('\n').filter((line) => line.includes(firstWorkload.path));
  if (calls['GetItem'] !== requests || lines.length !== requests) {
    throw new Error(
      `${title} made ${calls['GetItem']} session reads and ${lines.length} log lines for ${requests} requests`,
    );
  }
  return {
    dynamoDbReads: calls['GetItem'] / requests,
    dynamoDbWrites: (calls['UpdateItem'] ?? 0) / requests,
    logLines: log.trimEnd().split('\n').length / requests,
    logBytes: Buffer.byteLength(log) / requests,
  };
};
