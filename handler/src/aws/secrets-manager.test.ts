import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ok, refuseWith } from '../../testing/fake-aws/behaviors.ts';
import { startFakeAws, type FakeAws } from '../../testing/fake-aws/fake-aws.ts';
import { createSecretsManager as createSdkSecretsManager } from './sdk-secrets-manager.ts';
import { createSecretsManager } from './secrets-manager.ts';

let aws: FakeAws;
const readWith = (create: typeof createSecretsManager): Promise<string> =>
  create({
    region: 'eu-west-1',
    endpoint: aws.endpoint,
    now: Date.now,
    credentials: () => ({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: undefined }),
  }).getSecretString('arn:secret', { deadlineMs: Date.now() + 1_000 });

beforeEach(async () => {
  aws = await startFakeAws();
});
afterEach(() => aws.stop());

/** A build contains one of them: they must behave the same. */
describe.each([
  ['the small client', createSecretsManager],
  ['the SDK', createSdkSecretsManager],
])('Secrets Manager through %s', (_, create) => {
  const read = (): Promise<string> => readWith(create);

  it('returns the text of a secret', async () => {
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

  it('throws StoreUnavailable when access is denied or the secret is binary', async () => {
    aws.behave(
      refuseWith('AccessDeniedException', { message: 'No' }),
      ok({ SecretBinary: 'AAAA' }),
    );
    await expect(read()).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: { message: expect.stringContaining('No') },
    });
    await expect(read()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });
});
