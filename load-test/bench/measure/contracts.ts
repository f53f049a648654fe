import { step } from '../../../scripts/stack/command-line/step.ts';
import type { Candidate } from '../candidates.ts';
import { spreadOf, type Spread } from '../statistics.ts';
import { firstWorkload, type Task } from '../workloads.ts';
import { type BenchRun, inTurn, measureCommand, startWarm, writeEventFile } from './bench-run.ts';
import { type CandidateProcess, startCandidate } from './candidate-process.ts';
import { restMs, type WarmFigures } from './warm.ts';

/** What one contract costs. */
export interface ContractCost {
  readonly contract: string;
  readonly zip_bytes: number;
  readonly first_response_ms: Spread;
  readonly cpu_us: Spread;
}

interface Measuring {
  readonly candidate: Candidate;
  readonly task: Task;
  readonly environment: BenchRun['environment'];
  readonly coldMs: number[];
  readonly cpuUs: number[];
}

/** The smallest contract, the example and everything on, in alternating rounds: zip, cold start, CPU of 1 KB. */
export const measureContracts = async (
  run: BenchRun,
  others: readonly Candidate[],
): Promise<readonly ContractCost[]> => {
  const example = run.candidates.find(({ name }) => name === 'postern');
  const [smallest, everything] = others;
  if (!example || !smallest || !everything) throw new TypeError('A contract is missing');
  const plain = { task: firstWorkload, environment: run.environment };
  const contracts: readonly Measuring[] = [
    { candidate: smallest, ...plain, coldMs: [], cpuUs: [] },
    { candidate: { ...example, title: 'the example' }, ...plain, coldMs: [], cpuUs: [] },
    { candidate: everything, ...everythingOn(run), coldMs: [], cpuUs: [] },
  ];
  for (let round = 0; round < run.effort.coldRounds; round += 1) {
    for (const contract of inTurn(contracts, round)) await startOnce(run, contract);
  }
  for (let round = 0; round < run.effort.warmRounds; round += 1) {
    await step(`contracts, round ${round + 1} of ${run.effort.warmRounds}`, () =>
      measureRound(run, inTurn(contracts, round)),
    );
  }
  await run.stub.observe();
  return contracts.map(({ candidate, coldMs, cpuUs }) => ({
    contract: candidate.title,
    zip_bytes: candidate.zipBytes,
    first_response_ms: spreadOf(coldMs),
    cpu_us: spreadOf(cpuUs),
  }));
};

/** A new process for each, as in the comparison with the peers. */
const measureRound = async (run: BenchRun, contracts: readonly Measuring[]): Promise<void> => {
  const warm: [Measuring, CandidateProcess][] = [];
  const count = run.effort.requestsPerRound.json_1kb;
  try {
    for (const each of contracts) {
      const process = await startWarm({ ...run, ...each }, each.candidate, each.task);
      warm.push([each, process]);
      await process.request(measureCommand(each.task, run.effort.warmUpRequests));
    }
    for (const [{ task, cpuUs }, process] of warm) {
      await process.request(measureCommand(task, Math.ceil(count / 4)));
      cpuUs.push((await process.request<WarmFigures>(measureCommand(task, count, restMs))).cpuUs);
    }
  } finally {
    await Promise.all(warm.map(([, process]) => process.stop()));
  }
};

/** A trusted proxy, fault injection allowed but not active, and the origin of every request checked. */
const everythingOn = ({ environment, proxySecret, proxySecretArn }: BenchRun) => ({
  task: {
    ...firstWorkload,
    headers: { 'x-origin-secret': proxySecret, 'cloudfront-viewer-address': '203.0.113.7:46532' },
  },
  environment: {
    ...environment,
    GATEWAY_FAULT_INJECTION: 'true',
    GATEWAY_TRUSTED_PROXY_HEADER: 'x-origin-secret',
    GATEWAY_TRUSTED_PROXY_SECRET_ARN: proxySecretArn,
  },
});

const startOnce = async (run: BenchRun, contract: Measuring): Promise<void> => {
  const { candidate, task, environment } = contract;
  const eventFile = writeEventFile(candidate, task, run.tokens[0] ?? '');
  const { started, stop } = await startCandidate(candidate, { environment, eventFile });
  await stop();
  contract.coldMs.push(started.firstResponseMs);
};
