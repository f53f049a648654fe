import type { LambdaClient } from '@aws-sdk/client-lambda';
import { note, step } from '../../stack/command-line/step.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import type { Deployment } from '../../stack/terraform/deployment.ts';
import { checkDeployedVersion } from './check-deployed-version.ts';
import type { Evidence } from './evidence.ts';
import { type LiveAlias, provisioningPatienceSeconds, type Traffic } from './live-alias.ts';
import type { PublishedVersion } from './published-versions.ts';
import type { ReleaseArguments } from './release-arguments.ts';
import type { ReleaseOutputs } from './release-outputs.ts';
import { shiftTraffic } from './shift-traffic.ts';
import { smokeRun } from './smoke-run.ts';
import { ringingAlarms } from '../guard/ringing-alarms.ts';
import { Stopped, watchStep } from '../guard/watch.ts';

export interface Release extends ReleaseArguments {
  readonly environment: Environment;
  readonly deployment: Deployment;
  readonly outputs: ReleaseOutputs;
  readonly lambda: LambdaClient;
  readonly k6: string;
  readonly published: PublishedVersion;
  /** What the alias serves; no release is under way. */
  readonly from: Traffic;
  readonly alias: LiveAlias;
  /** Those that the serving and the new version read. */
  readonly sessionTables: readonly string[];
  readonly who: string;
  readonly commit: string | undefined;
  /** Ctrl-C. */
  readonly interrupted: AbortSignal;
}

const percents = [10, 50, 100];

/** Sign-in, k6's start and its end take time in addition to the pause. */
const besidesPauseSeconds = 60;

/** Checks a published version, moves the traffic to it step by step, and back where anything speaks against it. */
export const releaseVersion = async (release: Release): Promise<Evidence> => {
  const evidence = await beginEvidence(release);
  try {
    await checkDirectly(release, evidence);
    await moveTraffic(release, evidence);
    evidence.result = 'released';
  } catch (error) {
    evidence.result = 'stopped';
    evidence.stoppedBy = {
      check: error instanceof Stopped ? error.by : 'failure',
      at: placeOf(evidence),
      reason: error instanceof Error ? error.message : String(error),
    };
  }
  evidence.endedAt = new Date().toISOString();
  return evidence;
};

const beginEvidence = async (release: Release): Promise<Evidence> => {
  const { environment, deployment, outputs, published, from, who, commit } = release;
  return {
    environment: environment.name,
    function: deployment.functionName,
    who,
    commit,
    startedAt: new Date().toISOString(),
    version: published.version,
    versionBefore: from.version,
    sha256: published.sha256,
    alarmsWatched: outputs.alarmNames.length,
    alarmsThatRangBefore: await alarmsOf(release)(),
    steps: [],
    result: 'under way',
  };
};

const checkDirectly = async (release: Release, evidence: Evidence): Promise<void> => {
  const { published, from } = release;
  const { probes, failures, latency } = await step('direct check', () =>
    checkDeployedVersion({ ...release, version: published.version, liveVersion: from.version }),
  );
  evidence.directCheck = { requests: probes, failures };
  evidence.latency = latency;
  if (failures.length > 0) throw new Stopped('direct check', failures.join('\n'));
};

const moveTraffic = async (release: Release, evidence: Evidence): Promise<void> => {
  const { alias, from, published, pauseSeconds, interrupted } = release;
  const { version } = published;
  const watch = () =>
    watchStep({
      seconds: pauseSeconds,
      ringing: alarmsOf(release),
      rangBefore: evidence.alarmsThatRangBefore,
      smoke: smokeRun(release),
      interrupted,
    });
  const isProvisioned = await alias.provisioned();
  await shiftTraffic({
    alias,
    from,
    version,
    percents,
    longestStepSeconds:
      pauseSeconds + besidesPauseSeconds + (isProvisioned ? provisioningPatienceSeconds : 0),
    watch: (percent) => step(`${percent} % of requests`, watch),
    now: Date.now,
    onStep: (taken) => evidence.steps.push(taken),
  });
  note(`version ${version} serves all requests`);
};

/** The step that was not taken to its end. */
const placeOf = ({ directCheck, steps }: Evidence): string => {
  if (directCheck === undefined || directCheck.failures.length > 0) return 'before any traffic';
  return `at ${percents[steps.length] ?? 100} % of requests`;
};

const alarmsOf = ({ environment, deployment, outputs }: Release) =>
  ringingAlarms(environment, deployment.region, outputs.alarmNames);
