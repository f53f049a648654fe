import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { isRunning, type ProcessIdentity } from '../../stack/local-cloud/process-identity.ts';
import { type Check, failed } from './check.ts';
import { commandOnLocal, scriptCheck } from './program-check.ts';
import type { TestStack } from './test-stack.ts';

/** Kills a deploy while Terraform applies, so that resources exist that are not in its state. */
export const interruptedDeployCheck = (stack: TestStack): Check => ({
  name: 'deploy recovers from one that was killed',
  run: async () => {
    const deploy = spawn(process.execPath, commandOnLocal('deploy.ts'), {
      cwd: projectFolder,
      env: stack.variables,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let progress = '';
    deploy.stderr.on('data', (chunk: Buffer) => (progress += chunk.toString()));
    while (!progress.includes('✓ plan')) {
      if (deploy.exitCode !== null) return failed(`deploy ended before it applied:\n${progress}`);
      await sleep(20);
    }
    await sleep(applyingMs);
    const ended = once(deploy, 'exit');
    deploy.kill('SIGKILL');
    await ended;
    await killHolders(`${stack.environment.folder}.lock`);
    return scriptCheck('', 'deploy.ts', stack.variables).run();
  },
});

export const killedCloudCheck = ({ environment, variables }: TestStack): Check => ({
  name: 'deploy recovers from a local cloud that was killed',
  run: async () => {
    const cloud = readIdentity(join(environment.folder, 'cloud.pid'));
    process.kill(cloud.pid, 'SIGKILL');
    await untilEnded(cloud);
    return scriptCheck('', 'deploy.ts', variables).run();
  },
});

/** Enough for the first things to be made, and far from enough for all. */
const applyingMs = 2_500;

/** Terraform works on where only its command is killed. Its process group has the provider as well. */
const killHolders = async (lockFile: string): Promise<void> => {
  const holders = JSON.parse(readFileSync(lockFile, 'utf8')) as readonly ProcessIdentity[];
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

const readIdentity = (file: string): ProcessIdentity =>
  JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
