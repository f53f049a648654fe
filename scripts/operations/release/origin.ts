import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { projectFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { awsClientOptions } from '../../stack/environments/aws-client.ts';
import type { Environment } from '../../stack/environments/environment.ts';

/** Who releases, and what. */
export interface Origin {
  readonly who: string;
  readonly commit: string | undefined;
}

export const originOf = async (environment: Environment, region: string): Promise<Origin> => {
  const { Arn: who = 'unknown' } = await new STSClient(awsClientOptions(environment, region)).send(
    new GetCallerIdentityCommand({}),
  );
  return { who, commit: await commitAtHand() };
};

const commitAtHand = async (): Promise<string | undefined> => {
  const git = (...args: string[]) => run('git', args, { cwd: projectFolder });
  try {
    const head = await git('rev-parse', 'HEAD');
    if (head.exitCode !== 0) return undefined;
    const { stdout: changes } = await git('status', '--porcelain');
    return `${head.stdout.trim()}${changes === '' ? '' : '+'}`;
  } catch {
    return undefined; // There is no Git here.
  }
};
