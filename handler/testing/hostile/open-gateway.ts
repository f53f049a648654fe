import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Route } from '../../src/contract/contract.ts';
import { createLog } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createForward } from '../../src/upstreams/forward.ts';
import { captureOutput } from '../captured-output.ts';
import { lambdaContext } from '../events.ts';
import { gatewayWith } from '../gateway-with.ts';
import { loadContract } from '../load-contract.ts';
import { answerOf, rawUpstream } from '../raw-upstream.ts';

/** All that could be seen of one request: what came of it, and what it made the gateway do. */
export interface Observation {
  readonly event: unknown;
  readonly outcome:
    | { readonly kind: 'answered'; readonly result: APIGatewayProxyStructuredResultV2 }
    | { readonly kind: 'threw'; readonly error: unknown };
  /** The bytes that each service got, one character each. */
  readonly received: ReadonlyArray<{ readonly upstream: string; readonly bytes: string }>;
  /** What was written to standard output and standard error. */
  readonly output: readonly string[];
  /** Addresses that connections were opened to, as `127.0.0.1:80`. */
  readonly dialled: readonly string[];
  /** Whom the rate limit was counted for. */
  readonly limitKeys: readonly string[];
  readonly durationMs: number;
}

export interface OpenGateway {
  readonly hosts: Readonly<Record<string, string>>;
  observe(event: unknown): Promise<Observation>;
  close(): Promise<void>;
}

/** The real pipeline, forwarder, log and metrics before services on real sockets; one request at a time. */
export const startOpenGateway = async (): Promise<OpenGateway> => {
  const contract = await loadContract(
    await readFile(join(import.meta.dirname, '../open-contract.yaml'), 'utf8'),
  );
  const names = Object.keys(contract.upstreams);
  const raws = await Promise.all(names.map(() => rawUpstream(answerPlainly)));
  const upstreams = Object.fromEntries(
    Object.entries(contract.upstreams).map(([name, policy], index) => [
      name,
      { policy, url: raws[index]?.url ?? new URL('http://unreachable') },
    ]),
  );
  const dialled = watchConnections();
  let limitKeys: string[] = [];
  const output = captureOutput();
  const { gateway } = gatewayWith({
    routes: contract.routes.map(patient),
    forward: createForward({ upstreams, now: Date.now, onBreakerOpen: () => undefined }),
    buckets: {
      take: async (key) => {
        limitKeys.push(key);
        return { allowed: true, remaining: 9, resetSeconds: 6 };
      },
    },
    log: createLog('INFO'),
    metrics: createMetrics('test'),
    now: Date.now,
  });

  return {
    hosts: Object.fromEntries(names.map((name) => [name, upstreams[name]?.url.host ?? ''])),
    observe: async (event) => {
      limitKeys = [];
      const startedAt = performance.now();
      const outcome = await gateway(event, lambdaContext()).then(
        (result) => ({ kind: 'answered', result }) as const,
        (error: unknown) => ({ kind: 'threw', error }) as const,
      );
      return {
        event,
        outcome,
        received: raws.flatMap(({ requests }, index) =>
          requests.splice(0).map((bytes) => ({ upstream: names[index] ?? '', bytes })),
        ),
        output: output.take(),
        dialled: dialled.take(),
        limitKeys,
        durationMs: performance.now() - startedAt,
      };
    },
    close: async () => {
      output.giveBack();
      dialled.end();
      await Promise.all(raws.map((raw) => raw.close()));
    },
  };
};

/** A machine that stands still for two seconds is no fault of an input's. */
const patient = (route: Route): Route =>
  route.target.kind === 'upstream'
    ? { ...route, target: { ...route.target, timeoutMs: 25_000 } }
    : route;

const ok = answerOf('200 OK', 'fine', ['Content-Type: text/plain']);
const okToHead = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n';

const answerPlainly = (request: string, socket: Socket): void =>
  void socket.write(request.startsWith('HEAD ') ? okToHead : ok);

/** Sees every TCP connection that this process opens, by whatever library. */
const watchConnections = () => {
  let dialled: string[] = [];
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    socket.on('connectionAttempt', (ip: string, port: number) => dialled.push(`${ip}:${port}`));
    socket.on('lookup', (error: Error | null, _address, _family, host: string) => {
      if (error !== null) dialled.push(host);
    });
  };
  subscribe('net.client.socket', onSocket);
  return {
    take: (): readonly string[] => {
      const taken = dialled;
      dialled = [];
      return taken;
    },
    end: () => void unsubscribe('net.client.socket', onSocket),
  };
};
