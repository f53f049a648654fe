import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { httpApiEvent, lambdaContext } from '../../../testing/events.ts';
import { gatewayWith, route, send } from '../../../testing/gateway-with.ts';
import { upstreamPolicy } from '../../../testing/upstream-policy.ts';
import type { Gateway } from '../../gateway.ts';
import { resultLimits } from '../../http/response-to-result.ts';
import { createForward } from './forward.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Passes each request to the function, as API Gateway does. */
const serve = async (gateway: () => Gateway) => {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const headers = request.headers as Record<string, string>;
    const event = httpApiEvent(request.method ?? '', request.url ?? '', { headers });
    void gateway()(event, lambdaContext()).then(({ statusCode = 0, headers: own, body }) =>
      response.writeHead(statusCode, own as Record<string, string>).end(body),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { url, count: () => requests };
};

const policy = upstreamPolicy({ retries: 2 });
const gatewayBefore = (url: URL, viaName: string) =>
  gatewayWith({
    routes: [route('GET /')],
    forward: createForward({
      limits: resultLimits,
      upstreams: { users: { policy, url } },
      now: Date.now,
      onBreakerOpen: () => undefined,
      viaName,
    }),
  });

describe('a request that a service sends back to the gateway', () => {
  it('passes twice, and is then refused with 508', async () => {
    const { url, count } = await serve((): Gateway => own.gateway);
    const own: ReturnType<typeof gatewayBefore> = gatewayBefore(url, 'postern-1');
    const response = await send(own, 'GET', '/');
    expect(response).toMatchObject({ statusCode: 508, problem: { code: 'LOOP_DETECTED' } });
    expect(count()).toBe(2);
  });

  it('is not found in a chain of ten gateways', async () => {
    const service = createServer((_, response) => response.end('fine'));
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    servers.push(service);
    let url = new URL(`http://127.0.0.1:${(service.address() as AddressInfo).port}`);
    let first = gatewayBefore(url, 'postern-0');
    for (let index = 1; index < 10; index += 1) {
      const { gateway } = first;
      ({ url } = await serve(() => gateway));
      first = gatewayBefore(url, `postern-${index}`);
    }
    expect(await send(first, 'GET', '/')).toMatchObject({ statusCode: 200 });
  });
});
