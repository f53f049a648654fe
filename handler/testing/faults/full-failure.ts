import { lambdaContext } from '../events.ts';
import type { Dependency } from './fault-table.ts';
import { eventOf, type Start, startDependencies, variablesOf } from './run-cell.ts';

const newName = (): string => `cell-${Math.random().toString(36).slice(2)}`;

/** Requests that reached the dependency for each request of a client, while all of them fail. */
export const amplificationOf = async (
  dependency: Dependency,
  start: Start,
  requests: number,
): Promise<number> => {
  const cell = { dependency, fault: 'reset', method: 'GET' } as const;
  const servers = await startDependencies(cell);
  try {
    const gateway = start(variablesOf(newName(), dependency, servers), Date.now);
    for (let request = 0; request < requests; request += 1) {
      await gateway(await eventOf(cell, newName()), lambdaContext());
    }
    return servers.faulty.asked() / requests;
  } finally {
    await stopAll(servers);
  }
};

export interface BreakerRun {
  /** Of the requests while the service failed: how many reached it, and what the others were told. */
  readonly letThrough: number;
  readonly whileOpen: readonly string[];
  /** How many of ten requests at once reached it as soon as its rest was over, and were answered. */
  readonly probes: number;
  readonly answeredByProbe: number;
  /** From the opening until the probe was answered, and what the next request got. */
  readonly recoveredAfterMs: number;
  readonly afterwards: string;
}

/** A service that fails for a while, seen through one environment. `restMs` is the contract's `openFor`. */
export const breakerRun = async (start: Start, restMs: number): Promise<BreakerRun> => {
  const cell = { dependency: 'service', fault: 'reset', method: 'POST' } as const;
  const servers = await startDependencies(cell);
  const { faulty } = servers;
  try {
    const gateway = start(variablesOf(newName(), 'service', servers), Date.now);
    const ask = async (): Promise<string> => {
      const { statusCode, headers } = await gateway(
        await eventOf(cell, newName()),
        lambdaContext(),
      );
      return `${statusCode}${headers?.['retry-after'] ? ' Retry-After' : ''}`;
    };
    const whileFailing: string[] = [];
    for (let request = 0; request < 50; request += 1) whileFailing.push(await ask());
    const openedAtMs = performance.now();
    const letThrough = faulty.asked();
    await faulty.turn('1 s late'); // The probe is under way while the others come.
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const atOnce = await Promise.all(Array.from({ length: 10 }, ask));
    const probes = faulty.asked();
    const recoveredAfterMs = performance.now() - openedAtMs;
    await faulty.turn('none');
    return {
      letThrough,
      whileOpen: [...new Set(whileFailing.slice(letThrough))],
      probes,
      answeredByProbe: atOnce.filter((answer) => answer === '200').length,
      recoveredAfterMs,
      afterwards: await ask(),
    };
  } finally {
    await stopAll(servers);
  }
};

const stopAll = async (servers: Awaited<ReturnType<typeof startDependencies>>): Promise<void> => {
  const { dynamoDb, secrets, service } = servers;
  await Promise.all([dynamoDb, secrets, service].map((server) => server.stop()));
};
