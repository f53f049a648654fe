import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from '@jest/globals';
import { invokeVersion } from './invoke-version.ts';

const eventsOf = async (proxySecret?: { headerName: string; value: string }) => {
  const events: Array<{ headers: object }> = [];
  const lambda = {
    send: async ({ input }: InvokeCommand) => {
      events.push(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()) as never);
      return { Payload: Buffer.from('{"statusCode":200}') };
    },
  } as unknown as LambdaClient;
  const called = { functionName: 'gateway', clientIp: () => '2001:db8::1', proxySecret };
  await invokeVersion(lambda, called)('7', { method: 'GET', path: '/x', headers: { a: 'b' } });
  return events;
};

describe('a request of a check', () => {
  it('has the header of the trusted proxy if there is one', async () => {
    const [event] = await eventsOf({ headerName: 'x-origin-secret', value: 's' });
    expect(event?.headers).toMatchObject({
      a: 'b',
      'x-origin-secret': 's',
      'cloudfront-viewer-address': '2001:db8::1:443',
    });
  });

  it('is timed from the call to its response', async () => {
    const lambda = {
      send: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { Payload: Buffer.from('{"statusCode":200}') };
      },
    } as unknown as LambdaClient;
    const called = { functionName: 'gateway', clientIp: () => '2001:db8::1' };
    const response = await invokeVersion(lambda, called)('7', { method: 'GET', path: '/x' });
    expect(response).toEqual(expect.objectContaining({ kind: 'response', status: 200 }));
    expect(response.kind === 'response' && response.ms).toBeGreaterThan(15);
  });

  it('has no header of a proxy if there is none', async () => {
    const [event] = await eventsOf();
    expect(Object.keys(event?.headers ?? {})).toEqual(['host', 'a']);
  });
});
