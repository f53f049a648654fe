import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { terraformFolder } from '../command-line/folders.ts';
import type { Environment } from '../environments/environment.ts';
import { readStateBackend, stateBucketExists } from '../terraform/state-backend.ts';
import { terraform } from '../terraform/terraform.ts';

const folder = join(terraformFolder, 'bootstrap');

/** Makes the bucket for the Terraform state where there is none: once for an account. */
export const makeRemoteState = async (environment: Environment): Promise<void> => {
  if (await stateBucketExists(environment)) return;
  const { bucket, region } = readStateBackend(environment);
  mkdirSync(environment.folder, { recursive: true });
  await terraform(environment, ['init', '-input=false'], { folder });
  await terraform(
    environment,
    [
      'apply',
      '-input=false',
      '-auto-approve',
      `-state=${join(environment.folder, 'bootstrap.tfstate')}`,
      `-var=bucket_name=${bucket}`,
      `-var=region=${region}`,
    ],
    { folder },
  );
};
