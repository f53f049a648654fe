import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findEarlierState, setEarlierStateAside } from './earlier-state.ts';

const account = '123456789012';
const bucket = `postern-state-${account}-us-east-1`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const resource = (type: string, attributes: Record<string, unknown>) => ({
  type,
  instances: [{ attributes }],
});
const write = (...resources: unknown[]): void =>
  writeFileSync(join(folder, 'terraform.tfstate'), JSON.stringify({ version: 4, resources }));
const identity = resource('aws_caller_identity', { account_id: account });

describe('a state of the bootstrap that is a file', () => {
  it('is moved once, into the bucket in it', () => {
    write(identity, resource('aws_s3_bucket', { bucket }));
    setEarlierStateAside(folder);
    expect(existsSync(join(folder, 'terraform.tfstate'))).toBe(false);
    const found = findEarlierState(folder, account, bucket);
    expect(found?.file).toBe(join(folder, `of-${account}.tfstate`));
    found?.moved();
    expect(findEarlierState(folder, account, bucket)).toBeUndefined();
  });

  it('is moved if the bucket could not be created because an earlier deploy had created it', () => {
    write(identity, resource('aws_iam_role', { name: 'github-postern-apply' }));
    setEarlierStateAside(folder);
    expect(findEarlierState(folder, account, bucket)).toBeDefined();
  });

  it('of another account is kept for that one', () => {
    write(identity, resource('aws_s3_bucket', { bucket }));
    setEarlierStateAside(folder);
    expect(findEarlierState(folder, '210987654321', bucket)).toBeUndefined();
    expect(findEarlierState(folder, account, bucket)).toBeDefined();
  });

  it('for a bucket in another region is left alone', () => {
    write(identity, resource('aws_s3_bucket', { bucket: `postern-state-${account}-eu-central-1` }));
    setEarlierStateAside(folder);
    expect(findEarlierState(folder, account, bucket)).toBeUndefined();
  });

  it('is optional', () => {
    setEarlierStateAside(folder);
    expect(findEarlierState(folder, account, bucket)).toBeUndefined();
  });
});
