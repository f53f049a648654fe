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
  backend: StateBackend,
): Promise<readonly StateVersion[]> => {
  const { newest, read } = await listStates(environment, backend);
  return Promise.all(
    newest.map(async (version) => ({
      id: version.VersionId ?? '',
      writtenAt: version.LastModified ?? new Date(0),
      isCurrent: version.IsLatest ?? false,
      content: judgeState(await read(version)),
    })),
  );
};

/** The newest sound state that satisfies the condition; undefined if none of those that are kept does. */
export const findState = async (
  environment: Environment,
  backend: StateBackend,
  isMeant: (state: State) => boolean,
): Promise<State | undefined> => {
  const { newest, read } = await listStates(environment, backend);
  for (const version of newest) {
    const text = await read(version);
    if (judgeState(text).kind === 'broken') continue;
    const state = JSON.parse(text) as State;
    if (isMeant(state)) return state;
  }
  return undefined;
};

const listStates = async (
  environment: Environment,
  { bucket, key, region }: StateBackend,
): Promise<{
  readonly newest: readonly ObjectVersion[];
  readonly read: (version: ObjectVersion) => Promise<string>;
}> => {
  const client = s3(environment, region);
  const { Versions: versions = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 1_000 }),
  );
  return {
    newest: versions.filter(({ Key: name }) => name === key).slice(0, maxVersions),
    read: async ({ VersionId }) => {
      const { Body: body } = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, VersionId }),
      );
      return (await body?.transformToString()) ?? '';
    },
  };
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
