import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Up to version 0.1 the state of the bootstrap was a file beside the module where Terraform was run by hand. GitHub's
 * roles, of which it knows, would be made a second time and the old ones forgotten. A first deploy kept a file, too,
 * which knows nothing but the bucket: that is taken over without it.
 */
export interface EarlierState {
  readonly file: string;
  /** The backup after it was moved. */
  readonly moved: () => void;
}

/** Renamed, because `terraform init` would try to migrate it, for any account. */
export const setEarlierStateAside = (folder: string): void => {
  const file = join(folder, 'terraform.tfstate');
  if (!existsSync(file)) return;
  const [account] = valuesIn(file, 'aws_caller_identity', 'account_id');
  if (typeof account === 'string') renameSync(file, fileOf(folder, account));
};

/** That of an account; one for a bucket of another name or region would have this one replaced, and is left alone. */
export const findEarlierState = (
  folder: string,
  account: string,
  bucket: string,
): EarlierState | undefined => {
  const file = fileOf(folder, account);
  if (!existsSync(file)) return undefined;
  const isOfAnother = valuesIn(file, 'aws_s3_bucket', 'bucket').some((name) => name !== bucket);
  if (isOfAnother) return undefined;
  return { file, moved: () => renameSync(file, `${file}.moved`) };
};

const fileOf = (folder: string, account: string): string => join(folder, `of-${account}.tfstate`);

const valuesIn = (file: string, type: string, attribute: string): unknown[] => {
  const { resources } = JSON.parse(readFileSync(file, 'utf8')) as StateFile;
  return resources
    .filter((resource) => resource.type === type)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes[attribute]));
};

interface StateFile {
  readonly resources: ReadonlyArray<{
    readonly type: string;
    readonly instances: ReadonlyArray<{ readonly attributes: Readonly<Record<string, unknown>> }>;
  }>;
}
