import { CloudWatchLogsClient, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from '@jest/globals';
import { requestOfInvocation } from './timed-out-invocation.ts';

const invocation = { invocationId: '8f5e0c1a-0000-4000-8000-000000000000', timestampMs: 1_000_000 };

/** A client that returns these pages, one per call, and records its input. */
const clientWith = (...pages: ReadonlyArray<object | Error>) => {
  const inputs: unknown[] = [];
  const client = new CloudWatchLogsClient({ region: 'us-east-1' });
  client.send = (async ({ input }: { readonly input: unknown }) => {
    inputs.push(input);
    const page = pages[inputs.length - 1];
    if (page instanceof Error) throw page;
    return page;
  }) as typeof client.send;
  return { client, inputs };
};

describe('the request of an invocation that Lambda ended', () => {
  it('is found in the access log of the API, on whichever page', async () => {
    const message = '{"correlation_id":"abc=","invocation_id":"8f5e0c1a"}';
    const { client, inputs } = clientWith(
      { events: [], nextToken: 'more' },
      { events: [{ message }] },
    );
    expect(await requestOfInvocation(client, 'postern-dev', invocation)).toBe('abc=');
    expect(inputs[0]).toMatchObject({
      logGroupName: '/aws/vendedlogs/http-api/postern-dev',
      filterPattern: '{ $.invocation_id = "8f5e0c1a-0000-4000-8000-000000000000" }',
      startTime: 880_000,
      endTime: 1_120_000,
    });
  });

  it('is unknown if the log has no line of it', async () => {
    const { client } = clientWith({ events: [] });
    expect(await requestOfInvocation(client, 'postern-dev', invocation)).toBeUndefined();
  });

  it('is unknown if the API has no access log', async () => {
    const missing = new ResourceNotFoundException({ message: 'no such group', $metadata: {} });
    const { client } = clientWith(missing);
    expect(await requestOfInvocation(client, 'postern-dev', invocation)).toBeUndefined();
  });

  it('fails if reading the log is not allowed', async () => {
    const { client } = clientWith(new Error('AccessDenied'));
    await expect(requestOfInvocation(client, 'postern-dev', invocation)).rejects.toThrow(
      'AccessDenied',
    );
  });
});
