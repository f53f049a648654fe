import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkHealth } from './run-k6.ts';

let server: Server | undefined;

const listen = async (listener: RequestListener): Promise<string> => {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
};

const stop = async (): Promise<void> => {
  const running = server;
  server = undefined;
  if (running !== undefined) await new Promise((resolve) => running.close(resolve));
};

describe('checkHealth', () => {
  afterEach(stop);

  it('accepts a gateway that responds 200', async () => {
    const url = await listen(({ url: path }, response) =>
      response.writeHead(path === '/v1/health' ? 200 : 404).end(),
    );
    await expect(checkHealth(`${url}/v1/health`, 'make deploy ENV=dev')).resolves.toBeUndefined();
  });

  it('reports the gateway’s actual response, and how to deploy it', async () => {
    const url = await listen((_, response) => response.writeHead(503).end());
    await expect(checkHealth(url, 'make deploy ENV=dev')).rejects.toThrow(
      /it responds 503\. .*\n {2}make deploy ENV=dev/,
    );
  });

  it('says that nothing is there', async () => {
    const url = await listen(() => undefined);
    await stop();
    await expect(checkHealth(url, 'make deploy ENV=dev')).rejects.toThrow('it cannot be reached');
  });
});
