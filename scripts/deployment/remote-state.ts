import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder } from '../command-line/folders.ts';
import type { Environment } from '../environments/environment.ts';
import { type StateBackend, stateBucketExists } from '../terraform/state-backend.ts';
import { terraform } from '../terraform/terraform.ts';

const folder = join(terraformFolder, 'bootstrap');

/**
 * Makes the bucket for the Terraform state where there is none: once for an account. A bucket that was only half made
 * is told by the state that its making left behind.
 */
export const makeRemoteState = async (
  environment: Environment,
  backend: StateBackend,
): Promise<void> => {
  const unfinished = join(environment.folder, 'bootstrap-unfinished.tfstate');
  if (!existsSync(unfinished) && (await stateBucketExists(environment, backend))) return;
  mkdirSync(environment.folder, { recursive: true });
  await terraform(environment, ['init', '-input=false'], { folder });
  await terraform(
    environment,
    [
      'apply',
      '-input=false',
      '-auto-approve',
      `-state=${unfinished}`,
      `-var=bucket_name=${backend.bucket}`,
      `-var=region=${backend.region}`,
      ...(environment.local ? ['-var-file=local.tfvars'] : []),
    ],
    { folder },
  );
  renameSync(unfinished, join(environment.folder, 'bootstrap.tfstate'));
};
