import { cpus } from 'node:os';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '../../../scripts/stack/command-line/step.ts';
import type { Candidate } from '../candidates.ts';
import { createFixture } from '../fixture.ts';
import { workFolder } from '../folders.ts';
import { type Growth, measureGrowth } from '../growth/growth.ts';
import { lambdaEnvironment } from '../lambda-environment.ts';
import type { BenchRun, Effort } from './bench-run.ts';
import { stopCandidates } from './candidate-process.ts';
import { type ContractCost, measureContracts } from './contracts.ts';
import { type KindCosts, type KindsOfUpstream, measureKinds } from './kinds.ts';
import { type ColdStarts, measureColdStarts } from './cold.ts';
import { checkSameWork, type WorkPerRequest } from './same-work.ts';
import { startStub } from './stub-process.ts';
import { measureWarm, type WarmFiguresOf } from './warm.ts';

export interface Measured {
  readonly candidates: readonly Candidate[];
  readonly work: WorkPerRequest;
  readonly cold: ColdStarts;
  readonly warm: WarmFiguresOf;
  readonly contracts: readonly ContractCost[];
  readonly kinds: KindCosts;
  readonly growth: Growth;
  readonly effort: Effort;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly platform: string;
  };
}

/** Measures all candidates against one stub, in rounds that alternate between them. */
export const measure = async (
  candidates: readonly Candidate[],
  contracts: readonly Candidate[],
  kinds: KindsOfUpstream,
  upstreams: readonly string[],
  effort: Effort,
): Promise<Measured> => {
  const { fixture, tokens } = createFixture();
  const tokensFile = join(workFolder, 'tokens.json');
  writeFileSync(tokensFile, JSON.stringify(tokens));
  const stub = await startStub(fixture);
  try {
    const environment = lambdaEnvironment(fixture, stub.ports, upstreams);
    const { proxySecret, proxySecretArn } = fixture;
    const files = { tokens, tokensFile, proxySecret, proxySecretArn };
    const run: BenchRun = { candidates, environment, stub, effort, ...files };
    return {
      candidates,
      effort,
      work: await step('check that all do the same work', () => checkSameWork(run)),
      cold: await measureColdStarts(run),
      warm: await measureWarm(run),
      contracts: await measureContracts(run, contracts),
      kinds: await measureKinds(run, kinds),
      growth: await step('growth', () => measureGrowth(run)),
      machine: {
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: cpus().length,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
      },
    };
  } finally {
    stopCandidates();
    stub.stop();
  }
};
