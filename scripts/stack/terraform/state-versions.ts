import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
} from '@aws-sdk/client-s3';
import type { Environment } from '../environments/environment.ts';
import { s3, type State, type StateBackend } from './state-backend.ts';

/** What the state bucket has kept of a state. */
export interface StateVersion {
  readonly id: string;
  readonly writtenAt: Date;
  readonly isCurrent: boolean;
  readonly content: StateContent;
}

export type StateContent =
  | { readonly kind: 'sound'; readonly serial: number; readonly resources: number }
  | { readonly kind: 'broken'; readonly reason: string };

/** This many versions are listed; the last valid state is among them unless it broke weeks ago. */
const maxVersions = 20;

/** The newest first, each read and checked. */
export const readStateVersions = async (
  environment: Environment,
  { bucket, key, region }: StateBackend,
): Promise<readonly StateVersion[]> => {
  const client = s3(environment, region);
  const { Versions: versions = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 1_000 }),
  );
  const read = async ({ VersionId, LastModified, IsLatest }: ObjectVersion) => {
    const { Body: body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, VersionId }),
    );
    return {
      id: VersionId ?? '',
      writtenAt: LastModified ?? new Date(0),
      isCurrent: IsLatest ?? false,
      content: judgeState((await body?.transformToString()) ?? ''),
    };
  };
  const newest = versions.filter(({ Key: name }) => name === key).slice(0, maxVersions);
  return Promise.all(newest.map(read));
};

/** Writes an older version again: the broken one stays in the history. */
export const restoreStateVersion = async (
  environment: Environment,
  { bucket, key, region }: StateBackend,
  id: string,
): Promise<void> => {
  await s3(environment, region).send(
    new CopyObjectCommand({
      Bucket: bucket,
      Key: key,
      CopySource: `${bucket}/${encodeURIComponent(key)}?versionId=${encodeURIComponent(id)}`,
      // S3 refuses to copy an object onto itself with nothing changed.
      MetadataDirective: 'REPLACE',
      ContentType: 'application/json',
    }),
  );
};

/** Whether Terraform can read it, and the number of its resources. */
export const judgeState = (text: string): StateContent => {
  try {
    const { version, serial, lineage, resources } = JSON.parse(text) as Partial<State>;
    if (version !== 4 || !Number.isInteger(serial) || !lineage || !Array.isArray(resources))
      return { kind: 'broken', reason: 'not a state of format 4' };
    return { kind: 'sound', serial: serial ?? 0, resources: resources.length };
  } catch {
    return { kind: 'broken', reason: 'no JSON' };
  }
};
