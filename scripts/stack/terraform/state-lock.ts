import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CommandError } from '../command-line/command-error.ts';
import type { Environment } from '../environments/environment.ts';
import { readObject, s3, s3StatusOf, type StateBackend } from './state-backend.ts';

/** Who works on a state, in the words in which Terraform writes it beside the state. */
export interface StateLock {
  readonly ID: string;
  readonly Operation: string;
  readonly Who: string;
  /** An ISO 8601 time. */
  readonly Created: string;
}

export const readStateLock = async (
  environment: Environment,
  backend: StateBackend,
): Promise<StateLock | undefined> => {
  const lock = await readObject(environment, backend, lockOf(backend).Key);
  return lock === undefined ? undefined : (JSON.parse(lock) as StateLock);
};

/** Changes the state without Terraform, but with Terraform's lock. Throws if the lock is taken. */
export const withStateLock = async <T>(
  environment: Environment,
  backend: StateBackend,
  work: () => Promise<T>,
): Promise<T> => {
  const client = s3(environment, backend.region);
  const lock: StateLock = {
    ID: randomUUID(),
    Operation: 'RestoreState',
    Who: `${userInfo().username}@${hostname()}`,
    Created: new Date().toISOString(),
  };
  try {
    await client.send(
      new PutObjectCommand({
        ...lockOf(backend),
        Body: JSON.stringify(lock),
        ContentType: 'application/json',
        IfNoneMatch: '*',
      }),
    );
  } catch (error) {
    if (![409, 412].includes(s3StatusOf(error) ?? 0)) throw error;
    const holder = await readStateLock(environment, backend);
    throw new CommandError(
      `The state is locked${holder ? ` by ${describeLock(holder)}` : ''}. Wait, or see make unlock ENV=${environment.name}`,
      { cause: error },
    );
  }
  try {
    return await work();
  } finally {
    await client.send(new DeleteObjectCommand(lockOf(backend)));
  }
};

export const describeLock = ({ Who, Operation, Created }: StateLock): string =>
  `${Who} (${Operation}) since ${Created}`;

const lockOf = ({ bucket, key }: StateBackend) => ({ Bucket: bucket, Key: `${key}.tflock` });
