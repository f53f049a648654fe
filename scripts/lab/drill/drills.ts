import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beginSession } from '../../operations/sessions/open-sessions.ts';
import { CommandError } from '../../stack/command-line/command-error.ts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { readDeployment } from '../../stack/terraform/deployment.ts';
import { readStateBackend, s3 } from '../../stack/terraform/state-backend.ts';
import { readStateVersions, type StateContent } from '../../stack/terraform/state-versions.ts';
import { startWaitingApply } from './waiting-apply.ts';
import { removeDrillStack } from './drill-stack.ts';
import type { Drill } from './rehearse.ts';

const rebuild: Drill = {
  runbook: 'rebuild',
  reads: {},
  mostSeconds: 600,
  breakIt: async (stack) => {
    const { environment } = stack;
    const { baseUrl } = await readDeployment(environment);
    // The cloud with its state bucket, and the checkout with all that was fetched for it.
    await removeDrillStack(stack);
    const responds = await fetch(`${baseUrl}/health`).then(
      () => true,
      () => false,
    );
    if (responds) throw new CommandError('The gateway still responds: nothing was lost.');
    return {
      values: { repository: projectFolder },
      prove: async () => {
        const rebuilt = await readDeployment(environment);
        await requireStatus(rebuilt.baseUrl, await signIn(environment), 200);
        return 'from an empty folder, a user signs in and is served';
      },
    };
  },
};

const restoreSessions: Drill = {
  runbook: 'restore-sessions',
  reads: { table: /^restored_sessions_table = "([^"]+)"$/m },
  breakIt: async ({ environment }) => {
    const { region, sessionTableName, ...before } = await readDeployment(environment);
    const token = await signIn(environment);
    await requireStatus(before.baseUrl, token, 200);
    const time = await nextSecond();
    const client = new DynamoDBClient(awsClientOptions(environment, region));
    await empty(client, sessionTableName);
    await requireStatus(before.baseUrl, token, 401);
    return {
      values: { time },
      prove: async () => {
        const after = await readDeployment(environment);
        if (after.sessionTableName === sessionTableName)
          throw new CommandError(`The gateway still reads ${sessionTableName}.`);
        await requireStatus(after.baseUrl, token, 200);
        return `a session that was deleted holds again, read from ${after.sessionTableName}`;
      },
    };
  },
};

const empty = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  const pages = paginateScan({ client }, { TableName, ProjectionExpression: 'session_id' });
  for await (const { Items: items = [] } of pages)
    for (const { session_id } of items)
      if (session_id) await client.send(new DeleteItemCommand({ TableName, Key: { session_id } }));
};

/** A whole second after the last write and before the next: a point in time has no fractions of a second. */
const nextSecond = async (): Promise<string> => {
  const atMs = Math.ceil((Date.now() + 1) / 1_000) * 1_000;
  await sleep(atMs - Date.now() + 50);
  return new Date(atMs).toISOString().replace('.000', '');
};

const lostSigningKey: Drill = {
  runbook: 'lost-signing-key',
  reads: {},
  breakIt: async ({ environment, checkout, shell }) => {
    const { region, baseUrl, signingSecretArn } = await readDeployment(environment);
    const token = await signIn(environment);
    await requireStatus(baseUrl, token, 200);
    await new SecretsManagerClient(awsClientOptions(environment, region)).send(
      new PutSecretValueCommand({ SecretId: signingSecretArn, SecretString: 'lost' }),
    );
    const session = await shell('make session ENV=local USER=drill ROLES=user', checkout);
    if (session.exitCode === 0) throw new CommandError('A session was made without a key.');
    return {
      prove: async (screen) => {
        const made = /^(eyJ\S+)$/m.exec(screen)?.[1];
        if (made === undefined) throw new CommandError('The runbook made no session.');
        await untilServed(baseUrl, made);
        return 'a session of the new key is served';
      },
    };
  },
};

/** An environment that has just read the keys reads again for an unknown one after a minute. */
const patienceMs = 75_000;

const untilServed = async (baseUrl: string, token: string): Promise<void> => {
  const deadline = Date.now() + patienceMs;
  while ((await statusFor(baseUrl, token)) !== 200) {
    if (Date.now() > deadline) throw new CommandError('A session of the new key is still refused.');
    await sleep(500);
  }
};

const expiredLock: Drill = {
  runbook: 'expired-lock',
  reads: { lock: /^([0-9a-f-]{36}) .* since /m },
  breakIt: async ({ environment, checkout, shell }) => {
    const apply = await startWaitingApply(environment, join(checkout, 'terraform'));
    await apply.kill();
    const deploy = await shell('make deploy ENV=local', checkout);
    if (!deploy.stderr.includes('Error acquiring the state lock'))
      throw new CommandError('A deploy ignores a lock that another command holds.');
    const { stdout } = await shell('make unlock ENV=local', checkout);
    const [id = 'none'] = stdout.split(' ');
    await sleep(1_000);
    const refused = [`LOCK=${id}`, `LOCK=${randomUUID()} OLDER_THAN=1s`];
    for (const options of refused) {
      const { exitCode } = await shell(`make unlock ENV=local ${options}`, checkout);
      if (exitCode === 0)
        throw new CommandError(`make unlock ENV=local ${options} removed the lock.`);
    }
    return {
      values: { age: '1s' },
      prove: async () => 'a young lock and another holder’s lock stay; the dead one is gone',
    };
  },
};

export const restoreState: Drill = {
  runbook: 'restore-state',
  reads: { version: /^(\S+) .*\bsound\b/m },
  breakIt: async ({ environment, checkout, shell }) => {
    const backend = await readStateBackend(environment);
    const current = async (): Promise<StateContent | undefined> =>
      (await readStateVersions(environment, backend)).find(({ isCurrent }) => isCurrent)?.content;
    const before = resourcesIn(await current());
    await s3(environment, backend.region).send(
      new PutObjectCommand({
        Bucket: backend.bucket,
        Key: backend.key,
        Body: '{"version": 4, "ser',
      }),
    );
    const plan = await shell('make plan ENV=local', checkout);
    if (plan.exitCode === 0) throw new CommandError('Terraform plans with a state that is broken.');
    return {
      prove: async () => {
        const after = resourcesIn(await current());
        if (after === 0 || after !== before)
          throw new CommandError(`The state knew of ${before} resources, now of ${after}.`);
        return `the state knows of all ${after} resources again, and a plan changes nothing`;
      },
    };
  },
};

const resourcesIn = (content: StateContent | undefined): number =>
  content?.kind === 'sound' ? content.resources : 0;

/** In this order: the last one removes the resources of the others. */
export const drills: readonly Drill[] = [
  restoreState,
  expiredLock,
  lostSigningKey,
  restoreSessions,
  rebuild,
];

/** A token as a login service issues it. */
const signIn = (environment: Environment): Promise<string> =>
  beginSession(environment, { userId: 'alice', roles: ['user'], lifetimeSeconds: 3_600 });

/** The status of a route that needs a session. */
const statusFor = async (baseUrl: string, token: string): Promise<number> => {
  const { status } = await fetch(`${baseUrl}/api/v1/users`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  });
  return status;
};

/** Throws if the status of a route that needs a session is different. */
const requireStatus = async (baseUrl: string, token: string, wanted: number): Promise<void> => {
  const status = await statusFor(baseUrl, token);
  if (status !== wanted)
    throw new CommandError(`GET /api/v1/users responds ${status}; ${wanted} was expected.`);
};
