import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chosenAwsClient } from './aws-client-choice.ts';

describe('the choice of the AWS client', () => {
  let folder: string;
  let packageFile: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-client-'));
    packageFile = join(folder, 'package.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['is postern by default', {}, {}, 'postern'],
    ['is read from package.json', {}, { postern: { awsClient: 'sdk' } }, 'sdk'],
    ['is read from AWS_CLIENT', { AWS_CLIENT: 'sdk' }, {}, 'sdk'],
    [
      'is AWS_CLIENT where package.json has another',
      { AWS_CLIENT: 'postern' },
      { postern: { awsClient: 'sdk' } },
      'postern',
    ],
    ['ignores an empty AWS_CLIENT', { AWS_CLIENT: '' }, { postern: { awsClient: 'sdk' } }, 'sdk'],
  ])('%s', async (_, environment, manifest, expected) => {
    await writeFile(packageFile, JSON.stringify(manifest));
    expect(chosenAwsClient(environment, packageFile)).toBe(expected);
  });

  it.each([
    [{ AWS_CLIENT: 'SDK' }, {}, 'AWS_CLIENT is "SDK": set it to postern or sdk.'],
    [
      {},
      { postern: { awsClient: 3 } },
      '"postern.awsClient" in package.json is 3: set it to postern or sdk.',
    ],
  ])('rejects an unknown client: %j %j', async (environment, manifest, message) => {
    await writeFile(packageFile, JSON.stringify(manifest));
    expect(() => chosenAwsClient(environment, packageFile)).toThrow(message);
  });
});
