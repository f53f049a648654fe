import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createLog } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { resultLimits } from '../../src/http/response-to-result.ts';
import { createForward } from '../../src/upstreams/http/forward.ts';
import { captureOutput } from '../captured-output.ts';
import { lambdaContext } from '../events.ts';
import { gatewayWith } from '../gateway-with.ts';
import { loadContract } from '../load-contract.ts';
import { responseOf, rawUpstream } from '../raw-upstream.ts';
import { httpPolicies } from '../upstream-policy.ts';

/** Everything that is observable about one request: its outcome and the gateway's actions. */
export interface Observation {
  readonly event: unknown;
  /** API Gateway's unique request id. It shows which request a service received. */
  readonly requestId: string;
  readonly outcome:
    | { readonly kind: 'responded'; readonly result: APIGatewayProxyStructuredResultV2 }
    | { readonly kind: 'threw'; readonly error: unknown };
  /** The bytes that each service received, one character each. */
  readonly received: ReadonlyArray<{ readonly upstream: string; readonly bytes: string }>;
  /** What was written to standard output and standard error. */
  readonly output: readonly string[];
  /** Addresses that connections were opened to, as `127.0.0.1:80`. */
  readonly dialled: readonly string[];
  /** The key that the rate limit counted. */
  readonly limitKeys: readonly string[];
  readonly durationMs: number;
}

export interface OpenGateway {
  readonly hosts: Readonly<Record<string, string>>;
  observe(event: unknown, remainingMs?: number): Promise<Observation>;
  close(): Promise<void>;
}

/** The real pipeline, forwarder, log and metrics with services on real sockets; one request at a time. */
export const startOpenGateway = async (): Promise<OpenGateway> => {
  const contract = await loadContract(
    await readFile(join(import.meta.dirname, '../open-contract.yaml'), 'utf8'),
  );
  const policies = httpPolicies(contract);
  const names = policies.map(({ name }) => name);
  const raws = await Promise.all(names.map(() => rawUpstream(respondPlainly)));
  const upstreams = Object.fromEntries(
    policies.map((policy, index) => [
      policy.name,
      { policy, url: raws[index]?.url ?? new URL('http://unreachable') },
    ]),
  );
  const dialled = watchConnections();
  /** Requests that timed out before a service read them. It may read each once, after the response. */
  const givenUp = new Set<string>();
  let observed = 0;
  let limitKeys: string[] = [];
  const output = captureOutput();
  const { gateway } = gatewayWith({
    routes: contract.routes,
    forward: createForward({
      upstreams,
      limits: resultLimits,
      now: Date.now,
      onBreakerOpen: () => undefined,
    }),
    buckets: {
      take: async (key) => {
        limitKeys.push(key);
        return { allowed: true, remaining: 9, resetSeconds: 6, takenAtMicros: 0 };
      },
    },
    log: createLog('INFO'),
    metrics: createMetrics({ gateway: 'postern-test', environment: 'test' }),
    now: Date.now,
  });

  return {
    hosts: Object.fromEntries(names.map((name) => [name, upstreams[name]?.url.host ?? ''])),
    observe: async (event, remainingMs) => {
      limitKeys = [];
      observed += 1;
      const requestId = `request-${observed}`;
      const startedAt = performance.now();
      const named = withRequestId(event, requestId);
      const outcome = await gateway(named, lambdaContext(remainingMs)).then(
        (result) => ({ kind: 'responded', result }) as const,
        (error: unknown) => ({ kind: 'threw', error }) as const,
      );
      const received = raws
        .flatMap(({ requests }, index) =>
          requests.splice(0).map((bytes) => ({ upstream: names[index] ?? '', bytes })),
        )
        .filter(({ bytes }) => !givenUp.delete(requestIdOf(bytes)));
      if (isTimeout(outcome) && received.length === 0) givenUp.add(requestId);
      return {
        event,
        requestId,
        outcome,
        received,
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

export const isTimeout = (outcome: Observation['outcome']): boolean =>
  outcome.kind === 'responded' && outcome.result.statusCode === 504;

/** Events that are not requests are unchanged. */
const withRequestId = (event: unknown, requestId: string): unknown => {
  const { requestContext } = (event ?? {}) as { readonly requestContext?: unknown };
  return typeof requestContext === 'object' && requestContext !== null
    ? { ...(event as object), requestContext: { ...requestContext, requestId } }
    : event;
};

const requestIdOf = (bytes: string): string =>
  /^x-request-id: (.*)$/im.exec(bytes.slice(0, bytes.indexOf('\r\n\r\n')))?.[1] ?? '';

const ok = responseOf('200 OK', 'fine', ['Content-Type: text/plain']);
const okToHead = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n';

const respondPlainly = (request: string, socket: Socket): void =>
  void socket.write(request.startsWith('HEAD ') ? okToHead : ok);

/** Observes every TCP connection that this process opens, by any library. */
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
