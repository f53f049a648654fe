import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ok, refuseWith, startStubAws, type StubAws } from '../../testing/stub-aws.ts';
import { createSecretsManager } from './secrets-manager.ts';

let aws: StubAws;
const read = (): Promise<string> =>
  createSecretsManager({
    region: 'eu-west-1',
    endpoint: aws.endpoint,
    credentials: () => ({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: undefined }),
  }).getSecretString('arn:secret', { deadlineMs: Date.now() + 1_000 });

beforeEach(async () => {
  aws = await startStubAws();
});
afterEach(() => aws.stop());

describe('Secrets Manager', () => {
  it('gives the text of a secret', async () => {
    aws.behave(ok({ ARN: 'arn:secret', SecretString: '{"keys":[]}' }));
    expect(await read()).toBe('{"keys":[]}');
    expect(aws.requests[0]).toMatchObject({
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
        authorization: expect.stringContaining('/eu-west-1/secretsmanager/aws4_request'),
      },
      body: '{"SecretId":"arn:secret"}',
    });
  });

  it('is unavailable where it refuses, or has a secret of bytes', async () => {
    aws.behave(refuseWith('AccessDeniedException'), ok({ SecretBinary: 'AAAA' }));
    await expect(read()).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: { code: 'AccessDeniedException' },
    });
    await expect(read()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });
});
