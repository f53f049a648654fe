import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { examplePlaces } from '../../stack/build/build-places.ts';
import { zip } from '../../stack/build/zip.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { liveAlias } from '../../operations/release/live-alias.ts';
import type { PublishedVersion } from '../../operations/release/published-versions.ts';
import { readReleaseOutputs } from '../../operations/release/release-outputs.ts';
import { type Release, releaseVersion } from '../../operations/release/release-version.ts';
import { settledTraffic } from '../../operations/release/settled-traffic.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { type Build, builds, bundleOf } from './bad-builds.ts';
import { type Check, failed, type Outcome, passed } from './check.ts';
import { sumOf } from './run-checks.ts';
import type { TestStack } from './test-stack.ts';

/** Builds with a seeded fault are published as any other, and none gets a request; a sound one is not stopped. */
export const badBuildsCheck = (stack: TestStack): Check => ({
  name: 'a release stops bad builds',
  run: async () => {
    const target = await targetOf(stack);
    const bundle = readFileSync(join(examplePlaces.outFolder, 'index.js'), 'utf8');
    const outcomes: Outcome[] = [];
    try {
      for (const build of builds) {
        outcomes.push(await judge(build, target, await publish(target, bundleOf(bundle, build))));
      }
    } finally {
      await publish(target, bundle);
    }
    const details = outcomes.map(({ detail }) => detail).join('\n');
    return { ...sumOf(outcomes), detail: details.trim() };
  },
});

type Target = Pick<Release, 'environment' | 'deployment' | 'outputs' | 'lambda' | 'alias'>;

const targetOf = async ({ environment }: TestStack): Promise<Target> => {
  const deployment = await readDeployment(environment);
  const outputs = await readReleaseOutputs(environment);
  const lambda = new LambdaClient(awsClientOptions(environment, deployment.region));
  const alias = liveAlias(lambda, deployment.functionName, outputs.aliasName);
  return { environment, deployment, outputs, lambda, alias };
};

const judge = async (
  { name, stoppedBy: fault }: Build,
  target: Target,
  published: PublishedVersion,
): Promise<Outcome> => {
  const from = await settledTraffic(target.alias, Date.now());
  const { result, stoppedBy, directCheck } = await releaseVersion({
    ...{ ...target, published, from },
    sessionTables: [target.deployment.sessionTableName],
    ...{ k6: '', pauseSeconds: 1, allowedHeaders: [], who: 'test', commit: undefined },
    interrupted: AbortSignal.abort(), // A sound build comes as far as its first step.
  });
  const { version, also, release } = await target.alias.read();
  const isUntouched = version === from.version && also === undefined && release === undefined;
  const expected = fault === undefined ? 'interrupt' : 'direct check';
  const isStopped = result === 'stopped' && stoppedBy?.check === expected;
  const isFound = (directCheck?.faults ?? []).some((found) => found.includes(fault ?? ''));
  if (isUntouched && isStopped && isFound === (fault !== undefined)) return passed;
  const facts = { stoppedBy, faults: directCheck?.faults, traffic: { version, also, release } };
  return failed(`${name}: ${JSON.stringify(facts, null, 2)}`);
};

/** Past Terraform, which would take seconds for each. */
const publish = async (
  { lambda, deployment }: Target,
  bundle: string,
): Promise<PublishedVersion> => {
  const FunctionName = deployment.functionName;
  const ZipFile = zip({ 'index.js': Buffer.from(bundle) });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  const { Version: version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  if (version === undefined) throw new CommandError('nothing was published');
  return { version, sha256: '' };
};
