import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { examplePlaces } from '../../stack/build/build-places.ts';
import { zip } from '../../stack/build/build-zip.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { liveAlias } from '../../operations/release/live-alias.ts';
import type { PublishedVersion } from '../../operations/release/published-versions.ts';
import { readReleaseOutputs } from '../../operations/release/release-outputs.ts';
import { type Release, releaseVersion } from '../../operations/release/release-version.ts';
import { settledTraffic } from '../../operations/release/settled-traffic.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { type Check, failed, type Outcome, passed, sumOf } from './check.ts';
import type { TestStack } from './test-stack.ts';

/**
 * Builds with a deliberate bug are published like any other, and none gets a request. A correct build is not stopped.
 */
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
    interrupted: AbortSignal.abort(), // A correct build reaches its first step.
  });
  const { version, also, release } = await target.alias.read();
  const isUntouched = version === from.version && also === undefined && release === undefined;
  const expected = fault === undefined ? 'interrupt' : 'direct check';
  const isStopped = result === 'stopped' && stoppedBy?.check === expected;
  const isFound = (directCheck?.failures ?? []).some((found) => found.includes(fault ?? ''));
  if (isUntouched && isStopped && isFound === (fault !== undefined)) return passed;
  const facts = { stoppedBy, failures: directCheck?.failures, traffic: { version, also, release } };
  return failed(`${name}: ${JSON.stringify(facts, null, 2)}`);
};

/** Without Terraform, which would take seconds for each. */
const publish = async (
  { lambda, deployment }: Target,
  bundle: string,
): Promise<PublishedVersion> => {
  const FunctionName = deployment.functionName;
  const ZipFile = await zip({ 'index.js': Buffer.from(bundle) });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  const { Version: version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  if (version === undefined) throw new CommandError('nothing was published');
  return { version, sha256: '' };
};

/** What a release may be handed: the bundle with something put before or behind it. */
interface Build {
  readonly name: string;
  /** Text of the problem that stops it. Absent: the build is correct. */
  readonly stoppedBy?: string;
  readonly before?: string;
  /** Receives the correct handler as `sound`, and returns the one to use instead. */
  readonly handler?: string;
}

const builds: readonly Build[] = [
  { name: 'another good build', before: '/* only its bytes differ */' },
  {
    name: 'throws at its start',
    before: 'throw new Error("seeded");',
    stoppedBy: 'does not start',
  },
  {
    name: 'throws on one route',
    handler: `async (event, context) => {
      if (event.rawPath.endsWith('/api/v1/products')) throw new Error('seeded');
      return sound(event, context);
    }`,
    stoppedBy: 'GET /api/v1/products without a token: the function crashed',
  },
  {
    name: '300 ms slower',
    handler: `async (event, context) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return sound(event, context);
    }`,
    stoppedBy: 'slower by',
  },
  {
    name: 'leaks an internal header',
    handler: `async (event, context) => {
      const result = await sound(event, context);
      return { ...result, headers: { ...result.headers, 'x-user-roles': 'user' } };
    }`,
    stoppedBy: 'leaks the internal header x-user-roles',
  },
];

/** The bundle is CommonJS whose exports are read-only: they are replaced as a whole. */
const bundleOf = (bundle: string, { before = '', handler }: Build): string =>
  [
    before,
    bundle,
    ...(handler === undefined
      ? []
      : [`const sound = module.exports.handler; module.exports = { handler: ${handler} };`]),
  ].join('\n');
