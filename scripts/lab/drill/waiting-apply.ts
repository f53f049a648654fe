import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { terraformFolder } from '../../stack/command-line/folders.ts';
import type { Environment } from '../../stack/environments/environment.ts';
import { planArguments, terraform, terraformVariables } from '../../stack/terraform/terraform.ts';

/** An apply that has the state's lock and waits for confirmation. */
export interface WaitingApply {
  /** Declines: the apply ends and releases the lock. */
  readonly refuse: () => Promise<void>;
  /** Ends it as a crash would, lock and all left behind. */
  readonly kill: () => Promise<void>;
}

export const startWaitingApply = async (
  environment: Environment,
  root = terraformFolder,
): Promise<WaitingApply> => {
  const { stdout } = await terraform(environment, ['state', 'list']);
  const resource = stdout
    .split('\n')
    .find((address) => address !== '' && !address.includes('data.'));
  const apply = spawn(
    'terraform',
    [
      `-chdir=${root}`,
      'apply',
      ...planArguments(environment).filter((argument) => argument !== '-input=false'),
      `-replace=${resource}`,
    ],
    { env: terraformVariables(environment, terraformFolder), stdio: 'pipe', detached: true },
  );
  const ended = once(apply, 'close');
  await saysOrEnds(apply, 'Enter a value');
  return {
    refuse: async () => {
      apply.stdin.end('no\n');
      await ended;
    },
    kill: async () => {
      // Its process group has the provider as well.
      if (apply.pid !== undefined) process.kill(-apply.pid, 'SIGKILL');
      await ended;
    },
  };
};

const saysOrEnds = ({ stdout }: ChildProcessWithoutNullStreams, words: string): Promise<void> =>
  new Promise((resolve) => {
    let text = '';
    stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
    stdout.on('end', resolve);
  });
