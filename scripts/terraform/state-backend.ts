import { readFileSync } from 'node:fs';
import {
  DeleteObjectCommand,
  HeadBucketCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Fault } from '../command-line/fault.ts';
import { awsClientOptions } from '../environments/aws-client.ts';
import type { Environment } from '../environments/environment.ts';

/** Where the Terraform state of an environment is: what its `.s3.tfbackend` says. */
export interface StateBackend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
}

export const readStateBackend = ({ backendFile }: Environment): StateBackend => {
  const text = readFileSync(backendFile, 'utf8');
  const setting = (name: string): string => {
    const value = new RegExp(`^\\s*${name}\\s*=\\s*"([^"]+)"`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Fault(`${backendFile} has no line: ${name} = "…"`);
    return value;
  };
  return { bucket: setting('bucket'), key: setting('key'), region: setting('region') };
};

/** Throws where the bucket exists and is another account's. */
export const stateBucketExists = async (environment: Environment): Promise<boolean> => {
  const { bucket, region } = readStateBackend(environment);
  try {
    await s3(environment, region).send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404) return false;
    if (status === 403 || status === 301) {
      throw new Fault(
        `The state bucket "${bucket}" is not yours to use, or is in another region than ${region}. ` +
          `Bucket names are global: choose another in ${environment.backendFile}`,
        { cause: error },
      );
    }
    throw error;
  }
};

/** Removes the lock that a killed Terraform left; only for a cloud that nobody else works on. */
export const removeStaleLock = async (environment: Environment): Promise<void> => {
  const { bucket, key, region } = readStateBackend(environment);
  if (!(await stateBucketExists(environment))) return;
  await s3(environment, region).send(
    new DeleteObjectCommand({ Bucket: bucket, Key: `${key}.tflock` }),
  );
};

const s3 = (environment: Environment, region: string): S3Client =>
  new S3Client({
    ...awsClientOptions(environment, region),
    // An emulator has no bucket in its host name.
    forcePathStyle: environment.local !== undefined,
  });
