import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { buildPlaces } from '../build/build-places.ts';
import { zip } from '../build/zip.ts';
import { Fault } from '../command-line/fault.ts';
import { awsClientOptions } from '../environments/aws-client.ts';
import { liveAlias } from '../release/live-alias.ts';
import { readReleaseOutputs } from '../release/release-outputs.ts';
import { releaseVersion } from '../release/release-version.ts';
import { settledTraffic } from '../release/settled-traffic.ts';
import { readDeployment } from '../terraform/deployment.ts';
import { type Build, builds, bundleOf } from './bad-builds.ts';
import { type Check, failed, type Outcome, passed } from './check.ts';
import { scriptCheck } from './program-check.ts';
import { sumOf } from './run-checks.ts';
import type { TestStack } from './test-stack.ts';

/** A release of changed settings, and the way back; after either a plan has nothing to change. */
export const releaseChecks = (stack: TestStack): readonly Check[] => {
  const variables = { ...stack.variables, TF_VAR_log_level: 'WARN', PAUSE: '2s' };
  return [
    scriptCheck('release', 'release.ts', variables),
    scriptCheck('plan has no changes after a release', 'plan.ts', variables),
    scriptCheck('rollback', 'rollback.ts', variables),
    badBuildsCheck(stack),
    scriptCheck('plan has no changes after rollbacks', 'plan.ts', variables),
  ];
};

/** Builds with a seeded fault are published as any other, and none gets a request; a sound one is not stopped. */
const badBuildsCheck = ({ environment }: TestStack): Check => ({
  name: 'a release stops bad builds',
  run: async () => {
    const deployment = await readDeployment(environment);
    const { functionName, region } = deployment;
    const outputs = await readReleaseOutputs(environment);
    const lambda = new LambdaClient(awsClientOptions(environment, region));
    const bundle = readFileSync(join(buildPlaces.outFolder, 'index.js'), 'utf8');
    const alias = liveAlias(lambda, functionName, outputs.aliasName);

    const judge = async (build: Build): Promise<Outcome> => {
      const published = await publish(lambda, functionName, bundleOf(bundle, build));
      const from = await settledTraffic(alias, Date.now());
      const { result, stoppedBy, directCheck } = await releaseVersion({
        ...{ environment, deployment, outputs, lambda, alias, published, from },
        ...{ k6: '', pauseSeconds: 1, allowedHeaders: [], who: 'test', commit: undefined },
        interrupted: AbortSignal.abort(), // A sound build comes as far as its first step.
      });
      const { version, also, release } = await alias.read();
      const isUntouched = version === from.version && also === undefined && release === undefined;
      const expected = build.stoppedBy === undefined ? 'interrupt' : 'direct check';
      const isStopped = result === 'stopped' && stoppedBy?.check === expected;
      const isFound = (directCheck?.faults ?? []).some((fault) =>
        fault.includes(build.stoppedBy ?? ''),
      );
      if (isUntouched && isStopped && isFound === (build.stoppedBy !== undefined)) return passed;
      const facts = { stoppedBy, faults: directCheck?.faults, traffic: { version, also, release } };
      return failed(`${build.name}: ${JSON.stringify(facts, null, 2)}`);
    };

    const outcomes: Outcome[] = [];
    try {
      for (const build of builds) outcomes.push(await judge(build));
    } finally {
      await publish(lambda, functionName, bundle);
    }
    return {
      ...sumOf(outcomes),
      detail: outcomes
        .map(({ detail }) => detail)
        .join('\n')
        .trim(),
    };
  },
});

/** Past Terraform, which would take seconds for each. */
const publish = async (lambda: LambdaClient, functionName: string, bundle: string) => {
  const ZipFile = zip({ 'index.js': Buffer.from(bundle) });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functionName, ZipFile }));
  const { Version: version } = await lambda.send(
    new PublishVersionCommand({ FunctionName: functionName }),
  );
  if (version === undefined) throw new Fault('nothing was published');
  return { version, sha256: '' };
};
