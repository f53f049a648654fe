import { readFileSync } from 'node:fs';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { CommandError } from '../command-line/command-error.ts';
import { awsClientOptions, requireCredentials } from '../environments/aws-client.ts';
import type { Environment } from '../environments/environment.ts';

/** The location of an environment's Terraform state, from its `.s3.tfbackend`. */
export interface StateBackend {
  /** `postern-state-<account id>-<region>` if the file names none. */
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
}

/** Throws without credentials: the name of the bucket contains the account. */
export const readStateBackend = async (environment: Environment): Promise<StateBackend> => {
  const { backendFile } = environment;
  const text = readFileSync(backendFile, 'utf8');
  const setting = (name: string): string | undefined =>
    new RegExp(`^\\s*${name}\\s*=\\s*"([^"]+)"`, 'm').exec(text)?.[1];
  const [key, region] = [setting('key'), setting('region')];
  if (key === undefined || region === undefined) {
    throw new CommandError(`${backendFile} needs the lines: key = "…" and region = "…"`);
  }
  const bucket =
    setting('bucket') ?? `postern-state-${await requireCredentials(environment, region)}-${region}`;
  return { bucket, key, region };
};

/** Throws if the bucket exists and is another account's. */
export const stateBucketExists = async (
  environment: Environment,
  { bucket, region }: StateBackend,
): Promise<boolean> => {
  try {
    await s3(environment, region).send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    const status = s3StatusOf(error);
    if (status === 404) return false;
    if (status === 403 || status === 301) {
      throw new CommandError(
        `The state bucket "${bucket}" is not yours to use, or is in another region than ${region}. ` +
          `Bucket names are global: name another in ${environment.backendFile}`,
        { cause: error },
      );
    }
    throw error;
  }
};

/** An object in the bucket of the state, such as the state itself; undefined if there is none. */
export const readObject = async (
  environment: Environment,
  { bucket, region }: StateBackend,
  key: string,
): Promise<string | undefined> => {
  try {
    const object = new GetObjectCommand({ Bucket: bucket, Key: key });
    const { Body: body } = await s3(environment, region).send(object);
    return await body?.transformToString();
  } catch (error) {
    if (s3StatusOf(error) === 404) return undefined;
    throw error;
  }
};

/**
 * The output `stack` in the state, read without Terraform, which takes seconds to start; undefined if there is no state.
 */
export const readStack = async (environment: Environment): Promise<Stack | undefined> => {
  const backend = await readStateBackend(environment);
  const state = await readObject(environment, backend, backend.key);
  return state === undefined ? undefined : stackOf(JSON.parse(state) as State);
};

/** By the names in `terraform/modules/gateway/outputs.tf`. */
export type Stack = Readonly<Record<string, unknown>>;

/** In states of 0.1, each was an output by itself. */
export const stackOf = ({ outputs: { stack, ...others } }: Pick<State, 'outputs'>): Stack =>
  stack === undefined
    ? Object.fromEntries(Object.entries(others).map(([name, output]) => [name, output?.value]))
    : (stack.value as Stack);

/** The HTTP status of an error of S3; undefined for others. */
export const s3StatusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** Version 4 of the format, as Terraform has written it since 0.12. */
export interface State {
  readonly version: number;
  readonly serial: number;
  readonly lineage: string;
  readonly resources: readonly unknown[];
  readonly outputs: Readonly<Record<string, { value: unknown } | undefined>>;
}

/** Removes the lock of a killed Terraform. Only for a cloud with a single user. */
export const removeStaleLock = async (environment: Environment): Promise<void> => {
  const backend = await readStateBackend(environment);
  if (!(await stateBucketExists(environment, backend))) return;
  await s3(environment, backend.region).send(
    new DeleteObjectCommand({ Bucket: backend.bucket, Key: `${backend.key}.tflock` }),
  );
};

export const s3 = (environment: Environment, region: string): S3Client =>
  new S3Client({
    ...awsClientOptions(environment, region),
    // An emulator has no bucket in its host name.
    forcePathStyle: environment.local !== undefined,
  });
