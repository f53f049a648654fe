import { contract } from '../../generated/example/contract.js';
import { lambdaContext } from '../events.ts';
import type { Dependency } from './fault-table.ts';
import { eventOf, type Start, startDependencies, variablesOf } from './run-cell.ts';

const newName = (): string => `cell-${Math.random().toString(36).slice(2)}`;

export interface FullFailure {
  readonly dependency: Dependency;
  /** Of a new environment, or of one that has served fifty requests. */
  readonly isWarm: boolean;
}

/** A warm environment has keys and leased tokens, so it makes no call. */
export const fullFailures: readonly FullFailure[] = [
  ...(['session store', 'rate-limit store', 'secret, never read', 'upstream'] as const).map(
    (dependency) => ({ dependency, isWarm: false }),
  ),
  ...(['session store', 'upstream'] as const).map((dependency) => ({
    dependency,
    isWarm: true,
  })),
];

/** The number of additional attempts at the dependency after each of a number of requests that all fail. */
export const retriesDuring = async (
  { dependency, isWarm }: FullFailure,
  start: Start,
  requests: number,
): Promise<readonly number[]> => {
  const cell = { dependency, fault: isWarm ? 'none' : 'reset', method: 'GET' } as const;
  const servers = await startDependencies(cell);
  try {
    const gateway = start(variablesOf(newName(), dependency, servers), Date.now);
    const ask = async (): Promise<void> =>
      void (await gateway(await eventOf(cell, newName()), lambdaContext()));
    if (isWarm) {
      for (let request = 0; request < 50; request += 1) await ask();
      await servers.faulty.turn('reset');
    }
    const retries: number[] = [];
    while (retries.length < requests) {
      await ask();
      retries.push(servers.faulty.asked() - retries.length - 1);
    }
    return retries;
  } finally {
    await stopAll(servers);
  }
};

/** While all calls fail, a store is retried once, and a service as often as the example contract says for users. */
export const maxRetries = (dependency: Dependency): number =>
  dependency === 'upstream' ? (contract.upstreams['users']?.retries ?? 0) : 1;

export interface BreakerRun {
  /** For the requests while the service failed: how many reached it, and the responses to the others. */
  readonly letThrough: number;
  readonly whileOpen: readonly string[];
  /** How many of ten concurrent requests reached it directly after the pause, and got a response. */
  readonly probes: number;
  readonly answeredByProbe: number;
  /** The time from opening to the probe's response, and the response to the next request. */
  readonly recoveredAfterMs: number;
  readonly afterwards: string;
}

/** A service that fails for a while, seen through one environment. `restMs` is the contract's `openFor`. */
export const breakerRun = async (start: Start, restMs: number): Promise<BreakerRun> => {
  const cell = { dependency: 'upstream', fault: 'reset', method: 'POST' } as const;
  const servers = await startDependencies(cell);
  const { faulty } = servers;
  try {
    const gateway = start(variablesOf(newName(), 'upstream', servers), Date.now);
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
    await faulty.turn('1 s late'); // The probe is in progress while the others arrive.
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
  const { dynamoDb, secrets, upstream } = servers;
  await Promise.all([dynamoDb, secrets, upstream].map((server) => server.stop()));
};
