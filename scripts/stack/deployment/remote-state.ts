import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BucketLocationConstraint,
  CreateBucketCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { packageFolder } from '../command-line/folders.ts';
import { note, step } from '../command-line/step.ts';
import type { Environment } from '../environments/environment.ts';
import type { EnvironmentLock } from '../environments/environment-lock.ts';
import { requireCredentials } from '../environments/aws-client.ts';
import {
  readObject,
  s3,
  type StateBackend,
  stateBucketExists,
} from '../terraform/state-backend.ts';
import { terraform } from '../terraform/terraform.ts';
import { apply } from './apply.ts';
import { findEarlierState, setEarlierStateAside } from './earlier-state.ts';

const folder = join(packageFolder, 'terraform', 'bootstrap');

/** Of the bootstrap's own state, as its versions.tf has it. */
const stateKey = 'bootstrap/terraform.tfstate';

/** Creates the bucket for the Terraform state if it is missing or incomplete. */
export const makeRemoteState = async (
  environment: Environment,
  backend: StateBackend,
  lock: EnvironmentLock,
): Promise<void> => {
  const isHalfMade = existsSync(markOf(environment));
  if (!isHalfMade && (await stateBucketExists(environment, backend))) return;
  // Its settings protect what lasts; a project's local cloud does not, and is up a quarter sooner.
  if (environment.local && environment.settings) return createBucket(environment, backend);
  await bootstrap(environment, backend, lock);
};

/**
 * Applies terraform/bootstrap to an account: the bucket for the state, and GitHub's roles where github.auto.tfvars asks
 * for them. Its own state is in the same bucket, so that it makes no difference who did it first, from which machine,
 * or whether it was a deploy. A bucket that is there already is taken over.
 */
export const bootstrap = async (
  environment: Environment,
  backend: StateBackend,
  lock: EnvironmentLock,
  settings: readonly string[] = [],
): Promise<void> => {
  mkdirSync(environment.folder, { recursive: true });
  writeFileSync(markOf(environment), '');
  if (!(await stateBucketExists(environment, backend))) {
    await step('bootstrap: state bucket', () => createBucket(environment, backend));
  }
  setEarlierStateAside(folder);
  await step('bootstrap: terraform init', () => initialise(environment, backend));
  await takeOverEarlierState(environment, backend);
  await apply(environment, lock, {
    folder,
    title: 'bootstrap',
    planArguments: [
      '-input=false',
      `-var=bucket_name=${backend.bucket}`,
      `-var=region=${backend.region}`,
      ...(environment.local ? ['-var-file=local.tfvars'] : []),
      ...settings,
    ],
  });
  rmSync(markOf(environment), { force: true });
};

/** What it made, by the names of its outputs. */
export const bootstrapOutputs = async (environment: Environment): Promise<BootstrapOutputs> => {
  const { stdout } = await terraform(environment, ['output', '-json'], { folder });
  const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
  return {
    roleArns: outputs['github_role_arns']?.value as BootstrapOutputs['roleArns'],
    boundaryArns: outputs['permissions_boundary_arns']?.value as BootstrapOutputs['boundaryArns'],
  };
};

export interface BootstrapOutputs {
  /** By environment and role. */
  readonly roleArns: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By environment. */
  readonly boundaryArns: Readonly<Record<string, string>>;
}

/** There while a bootstrap is under way: one that was killed leaves a bucket without its settings. */
const markOf = ({ folder }: Environment): string => join(folder, 'bootstrap-unfinished');

/** Terraform cannot keep its state in a bucket before there is one. Everything else about it is Terraform's. */
const createBucket = async (
  environment: Environment,
  { bucket, region }: StateBackend,
): Promise<void> => {
  // us-east-1 is the only region that S3 does not accept as a location.
  const location = Object.values(BucketLocationConstraint).find((name) => name === region);
  try {
    await s3(environment, region).send(
      new CreateBucketCommand({
        Bucket: bucket,
        ...(region === 'us-east-1' || location === undefined
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: location } }),
      }),
    );
  } catch (error) {
    const isOurs = error instanceof S3ServiceException && error.name === 'BucketAlreadyOwnedByYou';
    if (!isOurs) throw error; // Another machine was faster.
  }
};

const initialise = async (environment: Environment, { bucket }: StateBackend): Promise<void> => {
  await terraform(
    environment,
    [
      'init',
      '-input=false',
      '-reconfigure',
      `-backend-config=${environment.backendFile}`,
      `-backend-config=bucket=${bucket}`,
      `-backend-config=key=${stateKey}`,
    ],
    { folder },
  );
};

const takeOverEarlierState = async (
  environment: Environment,
  backend: StateBackend,
): Promise<void> => {
  const { bucket, region } = backend;
  const account = await requireCredentials(environment, region);
  const earlier = findEarlierState(folder, account, bucket);
  if (earlier === undefined) return;
  if ((await readObject(environment, backend, stateKey)) !== undefined) return;
  await terraform(environment, ['state', 'push', earlier.file], { folder });
  earlier.moved();
  note(`The state of the bootstrap has moved from ${earlier.file} into the bucket ${bucket}.`);
};
