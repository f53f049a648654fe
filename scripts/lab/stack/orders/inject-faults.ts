import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Random } from '../../../../handler/testing/random.ts';
import type { OrdersSystem } from './orders-system.ts';

interface FaultyQueue {
  readonly url: string;
  /** How often each fault was injected. */
  readonly injected: Readonly<Record<string, number>>;
  close(): void;
}

/** What SQS says in its JSON protocol. */
const refusals = {
  throttled: [400, 'RequestThrottled'],
  failed: [500, 'InternalFailure'],
  unavailable: [503, 'ServiceUnavailable'],
} as const;

const faults = ['throttled', 'failed', 'unavailable', 'lost before', 'lost after'] as const;

/**
 * SQS at another address: a share of the calls is throttled, fails, or is lost. Of those that are `lost after`, the queue
 * has the message.
 */
const startFaultyQueue = async (
  endpoint: URL,
  { share, random }: { readonly share: number; readonly random: Random },
): Promise<FaultyQueue> => {
  const injected: Record<string, number> = {};
  const server = createServer((incoming, response) => {
    const fault = random() < share ? faults[Math.floor(random() * faults.length)] : undefined;
    if (fault !== undefined) injected[fault] = (injected[fault] ?? 0) + 1;
    if (fault === 'lost before') return void incoming.socket.destroy();
    if (fault !== undefined && fault !== 'lost after') {
      const [status, code] = refusals[fault];
      incoming.resume();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      return void response.end(JSON.stringify({ __type: code, message: 'injected' }));
    }
    const { method, url: path, rawHeaders } = incoming;
    // With the Host of the caller, which is signed.
    const { hostname: host, port } = endpoint;
    const onward = request({ host, port, method, path, headers: rawHeaders }, (answered) => {
      if (fault === 'lost after')
        return void answered.resume().on('end', () => incoming.socket.destroy());
      response.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
      answered.pipe(response);
    });
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    injected,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

interface Faults {
  readonly random: Random;
  /** Of the writes of each function, how many kill it: from 0 to 1. */
  readonly crashShare: number;
  /** A file that gets a line for each crash. */
  readonly crashLog: string;
}

/** One call of the gateway to its queue in ten fails, and the functions of the system crash before or after writes. */
export const injectFaults = async (
  system: OrdersSystem,
  { random, crashShare, crashLog }: Faults,
): Promise<FaultyQueue> => {
  const queue = await startFaultyQueue(system.endpoint, { share: 0.1, random });
  await system.setVariables('orders-local', { AWS_ENDPOINT_URL_SQS: queue.url });
  await system.releaseGateway();
  for (const crashing of ['place', 'stock', 'payment', 'shipment'])
    await system.setVariables(`orders-local-${crashing}`, {
      NODE_OPTIONS: `--require "${join(import.meta.dirname, 'crash.cjs')}"`,
      CRASH_SHARE: String(crashShare),
      CRASH_LOG: crashLog,
    });
  return queue;
};
