import { spawn } from 'node:child_process';
import { terraformFolder } from '../command-line/folders.ts';
import { planArguments, terraform, terraformVariables } from '../terraform/terraform.ts';
import { type Check, failed, passed } from './check.ts';
import type { TestStack } from './test-stack.ts';

/** While one apply has the state and waits for its answer, a second one is refused. */
export const stateLockCheck = ({ environment }: TestStack): Check => ({
  name: 'the state lock refuses a second apply',
  run: async () => {
    const { stdout } = await terraform(environment, ['state', 'list']);
    const resource = stdout
      .split('\n')
      .find((address) => address !== '' && !address.includes('data.'));
    const first = spawn(
      'terraform',
      [
        `-chdir=${terraformFolder}`,
        'apply',
        ...planArguments(environment).filter((argument) => argument !== '-input=false'),
        `-replace=${resource}`,
      ],
      { env: terraformVariables(environment, terraformFolder), stdio: ['pipe', 'pipe', 'pipe'] },
    );
    const ended = new Promise((resolve) => first.once('close', resolve));
    try {
      await saysOrEnds(first.stdout, 'Enter a value');
      const second = await terraform(
        environment,
        ['apply', ...planArguments(environment), '-auto-approve'],
        {
          expected: [0, 1],
        },
      );
      const isRefused =
        second.exitCode === 1 && second.stderr.includes('Error acquiring the state lock');
      return isRefused
        ? passed
        : failed(`the second apply was not refused:\n${second.stdout}${second.stderr}`);
    } finally {
      first.stdin.end('no\n');
      await ended;
    }
  },
});

const saysOrEnds = (stream: NodeJS.ReadableStream, words: string): Promise<void> =>
  new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
    stream.on('end', resolve);
  });
