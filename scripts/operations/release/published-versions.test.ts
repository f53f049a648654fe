import { LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { describe, expect, it } from '@jest/globals';
import { findNewestVersion, newestVersion } from './published-versions.ts';

const lambdaWith = (send: () => Promise<unknown>): LambdaClient =>
  Object.assign(new LambdaClient({}), { send });

const version = (number: string) => ({ Version: number, CodeSha256: 'q80=' });

describe('the newest version', () => {
  it('is the one with the highest number, in any order', async () => {
    const versions = ['$LATEST', '9', '10', '2'].map(version);
    const lambda = lambdaWith(async () => ({ Versions: versions }));
    expect(await newestVersion(lambda, 'gateway')).toEqual({ version: '10', sha256: 'abcd' });
  });

  it('is undefined if the function does not exist yet, as after a failed apply', async () => {
    const lambda = lambdaWith(async () => {
      throw new ResourceNotFoundException({ message: 'not found', $metadata: {}, Type: 'User' });
    });
    expect(await findNewestVersion(lambda, 'gateway')).toBeUndefined();
    await expect(newestVersion(lambda, 'gateway')).rejects.toThrow('gateway has no published');
  });

  it('is unknown if Lambda does not report it', async () => {
    const lambda = lambdaWith(async () => {
      throw new Error('throttled');
    });
    await expect(findNewestVersion(lambda, 'gateway')).rejects.toThrow('throttled');
  });
});
