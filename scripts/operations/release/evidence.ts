import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { projectFolder, reportsFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { LatencyComparison } from './compare-latency.ts';
import { evidencePage } from './evidence-page.ts';
import type { Step } from './shift-traffic.ts';
import type { Stopped } from '../guard/watch.ts';

/** What a release did and saw: `reports/release.json`. */
export interface Evidence {
  readonly environment: string;
  readonly function: string;
  /** The caller's ARN. */
  readonly who: string;
  /** Absent outside of a repository; `+` where files differ from it. */
  readonly commit: string | undefined;
  readonly startedAt: string;
  endedAt?: string;
  readonly version: string;
  readonly versionBefore: string;
  /** Of the zip, in hex. */
  readonly sha256: string;
  readonly alarmsWatched: number;
  /** Rang before anything was moved, and were not held against the release. */
  readonly alarmsThatRangBefore: readonly string[];
  directCheck?: { readonly requests: number; readonly failures: readonly string[] };
  /** By request of the direct check. */
  latency?: Readonly<Record<string, LatencyComparison>>;
  readonly steps: Step[];
  result: 'released' | 'stopped' | 'under way';
  stoppedBy?: {
    readonly check: Stopped['by'] | 'failure';
    /** `before any traffic`, or the share of requests it had. */
    readonly at: string;
    readonly reason: string;
  };
}

/** The releasing caller and the release. */
interface Origin {
  readonly who: string;
  readonly commit: string | undefined;
}

export const originOf = async (environment: Environment, region: string): Promise<Origin> => {
  const { Arn: who = 'unknown' } = await new STSClient(awsClientOptions(environment, region)).send(
    new GetCallerIdentityCommand({}),
  );
  return { who, commit: await commitAtHand() };
};

const commitAtHand = async (): Promise<string | undefined> => {
  const git = (...args: string[]) => run('git', args, { cwd: projectFolder });
  try {
    const head = await git('rev-parse', 'HEAD');
    if (head.exitCode !== 0) return undefined;
    const { stdout: changes } = await git('status', '--porcelain');
    return `${head.stdout.trim()}${changes === '' ? '' : '+'}`;
  } catch {
    return undefined; // Git is not available.
  }
};

/** Writes `reports/release.json` and `release.html`, and returns the path of the first. */
export const writeEvidence = (evidence: Evidence): string => {
  mkdirSync(reportsFolder, { recursive: true });
  const file = join(reportsFolder, 'release.json');
  writeFileSync(file, `${JSON.stringify(evidence, null, 2)}\n`);
  writeFileSync(join(reportsFolder, 'release.html'), evidencePage(evidence));
  return file;
};
