import type { Candidate } from '../candidates.ts';
import { spreadOf, type Spread } from '../statistics.ts';
import { firstWorkload } from '../workloads.ts';
import { type BenchRun, inTurn, writeEventFile } from './bench-run.ts';
import { startCandidate } from './candidate-process.ts';
import { type Measuring, measureRounds } from './rounds.ts';

/** What one contract costs. */
export interface ContractCost {
  readonly contract: string;
  readonly zip_bytes: number;
  readonly first_response_ms: Spread;
  readonly cpu_us: Spread;
}

interface MeasuredContract extends Measuring {
  readonly coldMs: number[];
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
  const contracts: readonly MeasuredContract[] = [
    { candidate: smallest, ...plain, coldMs: [], warm: [] },
    { candidate: { ...example, title: 'the example' }, ...plain, coldMs: [], warm: [] },
    { candidate: everything, ...everythingOn(run), coldMs: [], warm: [] },
  ];
  for (let round = 0; round < run.effort.coldRounds; round += 1) {
    for (const contract of inTurn(contracts, round)) await startOnce(run, contract);
  }
  await measureRounds(run, 'contracts', contracts);
  return contracts.map(({ candidate, coldMs, warm }) => ({
    contract: candidate.title,
    zip_bytes: candidate.zipBytes,
    first_response_ms: spreadOf(coldMs),
    cpu_us: spreadOf(warm.map(({ cpuUs }) => cpuUs)),
  }));
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

const startOnce = async (run: BenchRun, contract: MeasuredContract): Promise<void> => {
  const { candidate, task, environment } = contract;
  const eventFile = writeEventFile(candidate, task, run.tokens[0] ?? '');
  const { started, stop } = await startCandidate(candidate, { environment, eventFile });
  await stop();
  contract.coldMs.push(started.firstResponseMs);
};
