import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it, jest } from '@jest/globals';
import { servingRoutes } from '../../operations/contract/serving-routes.ts';
import { liveAlias } from '../../operations/release/live-alias.ts';
import type { PublishedVersion } from '../../operations/release/published-versions.ts';
import { readReleaseOutputs } from '../../operations/release/release-outputs.ts';
import { releaseVersion } from '../../operations/release/release-version.ts';
import { settledTraffic } from '../../operations/release/settled-traffic.ts';
import { examplePlaces } from '../../stack/build/build-places.ts';
import { zip } from '../../stack/build/build-zip.ts';
import { quietly } from '../../stack/command-line/step.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { runCommand } from './run-command.ts';
import { testStack } from './test-stack.ts';

jest.setTimeout(5 * 60_000);

const environment = testStack();
const deployment = await readDeployment(environment);
const outputs = await readReleaseOutputs(environment);
const lambda = new LambdaClient(awsClientOptions(environment, deployment.region));
const alias = liveAlias(lambda, deployment.functionName, outputs.aliasName);
const bundle = readFileSync(join(examplePlaces.outFolder, 'index.js'), 'utf8');
const published = readFileSync(join(examplePlaces.generatedFolder, 'openapi.br'));

/** Without Terraform, which would take seconds for each. */
const publish = async (code: string): Promise<PublishedVersion> => {
  const FunctionName = deployment.functionName;
  const ZipFile = await zip({ 'index.js': Buffer.from(code), 'openapi.br': published });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  const { Version: version = '' } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  return { version, sha256: '' };
};

/** The release of a build, up to its first step, where it is interrupted. */
const release = async (code: string) => {
  const from = await settledTraffic(alias, Date.now());
  const published = await publish(code);
  const evidence = await quietly(() =>
    releaseVersion({
      ...{ environment, deployment, outputs, lambda, alias, published, from },
      sessionTables: [deployment.sessionTableName],
      ...{ k6: '', pauseSeconds: 1, allowedHeaders: [], who: 'test', commit: undefined },
      interrupted: AbortSignal.abort(),
    }),
  );
  const { version, also, release: underWay } = await alias.read();
  expect({ version, also, underWay }).toEqual({ version: from.version });
  return evidence;
};

/** The bundle is CommonJS whose exports are read-only: they are replaced as a whole. `sound` is the correct handler. */
const withHandler = (handler: string): string =>
  `${bundle}\nconst sound = module.exports.handler; module.exports = { handler: ${handler} };`;

const badBuilds: ReadonlyArray<readonly [name: string, code: string, problem: string]> = [
  ['throws at its start', `throw new Error("seeded");\n${bundle}`, 'does not start'],
  [
    'throws on one route',
    withHandler(`async (event, context) => {
      if (event.rawPath.endsWith('/api/v1/products')) throw new Error('seeded');
      return sound(event, context);
    }`),
    'GET /api/v1/products without a token: the function crashed',
  ],
  [
    'is 150 ms slower',
    withHandler(`async (event, context) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return sound(event, context);
    }`),
    'slower by',
  ],
  [
    'leaks an internal header',
    withHandler(`async (event, context) => {
      const result = await sound(event, context);
      return { ...result, headers: { ...result.headers, 'x-user-roles': 'user' } };
    }`),
    'leaks the internal header x-user-roles',
  ],
];

const changed = { ...process.env, TF_VAR_log_level: 'WARN' };

describe('changed settings', () => {
  it('are released, after which a plan has no changes', async () => {
    await runCommand('release', ['PAUSE=2s'], changed);
    await runCommand('plan', [], changed);
  });

  it('can be rolled back, after which the routes of the version that serves are known', async () => {
    await runCommand('rollback', [], changed);
    expect(await servingRoutes(environment)).toContainEqual(
      expect.objectContaining({ id: 'GET /health' }),
    );
  });
});

describe('a release', () => {
  it('does not stop a correct build before it gets requests', async () => {
    const { stoppedBy, directCheck } = await release(`/* only its bytes differ */\n${bundle}`);
    expect(stoppedBy?.check).toBe('interrupt');
    expect(directCheck?.failures).toEqual([]);
  });

  it.each(badBuilds)('stops a build that %s, which gets no request', async (_, code, problem) => {
    const { result, stoppedBy, directCheck } = await release(code);
    expect(result).toBe('stopped');
    expect(stoppedBy?.check).toBe('direct check');
    expect(directCheck?.failures).toContainEqual(expect.stringContaining(problem));
  });

  it('leaves nothing for a plan to change, stopped or rolled back', async () => {
    await publish(bundle);
    await runCommand('plan', [], changed);
  });
});
