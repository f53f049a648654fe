import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { describe, expect, it, jest } from '@jest/globals';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { startLocalStack } from '../../stack/deployment/local-stack.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import { withEnvironmentLock } from '../../stack/environments/environment-lock.ts';
import { isRunning, type ProcessIdentity } from '../../stack/local-cloud/process-identity.ts';
import { s3 } from '../../stack/terraform/state-backend.ts';
import { commandOnLocal, runCommand } from './run-command.ts';
import { testStack } from './test-stack.ts';

jest.setTimeout(10 * 60_000);

const environment = testStack();

describe('a local cloud that was killed', () => {
  it('starts empty, because what it stored is incomplete', async () => {
    const start = () =>
      withEnvironmentLock(environment.folder, (lock) => startLocalStack(environment, lock));
    const client = s3(environment, 'us-east-1');
    await start();
    await client.send(new CreateBucketCommand({ Bucket: 'of-the-killed-cloud' }));
    const cloud = readJson<ProcessIdentity>(join(environment.folder, 'cloud.pid'));
    process.kill(cloud.pid, 'SIGKILL');
    await untilEnded(cloud);

    await start();
    const { Buckets: buckets = [] } = await client.send(new ListBucketsCommand({}));
    expect(buckets).toEqual([]);
  });
});

/** Terraform has begun: these are among its first resources, and far from all. */
const hasTables = async (): Promise<boolean> => {
  const client = new DynamoDBClient(awsClientOptions(environment, 'us-east-1'));
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}));
  return names.length > 0;
};

describe('a deploy that was killed while Terraform applied', () => {
  it('is followed by one that succeeds, although resources exist that are not in the state', async () => {
    const deploy = spawn(process.execPath, commandOnLocal('deploy'), {
      cwd: projectFolder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let progress = '';
    deploy.stderr.on('data', (chunk: Buffer) => (progress += chunk.toString()));
    while (!(await hasTables())) {
      if (deploy.exitCode !== null) throw new Error(`deploy ended before it applied:\n${progress}`);
      await sleep(50);
    }
    const ended = once(deploy, 'exit');
    deploy.kill('SIGKILL');
    await ended;
    await killHolders(`${environment.folder}.lock`);

    const { stderr } = await runCommand('deploy');
    expect(stderr).toContain('The last command was killed at its work');
  });
});

/** Terraform continues if only its command is killed. Its process group has the provider as well. */
const killHolders = async (lockFile: string): Promise<void> => {
  const holders = readJson<readonly ProcessIdentity[]>(lockFile);
  for (const holder of holders.filter(isRunning)) killGroup(holder.pid);
  await Promise.all(holders.map(untilEnded));
};

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It ended by itself in the meantime.
  }
};

const untilEnded = async (identity: ProcessIdentity): Promise<void> => {
  while (isRunning(identity)) await sleep(20);
};

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
