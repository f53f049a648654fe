import { httpPolicies } from '../upstream-policy.ts';
import { contract } from '../../generated/example/contract.js';
import { lambdaContext } from '../events.ts';
import type { Cell, Dependency } from './fault-table.ts';
import { eventOf, type Start, withDependencies } from './run-cell.ts';

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
  ...(['session store', 'upstream'] as const).map((dependency) => ({ dependency, isWarm: true })),
];

/** The number of additional attempts at the dependency after each of a number of requests that all fail. */
export const retriesDuring = (
  { dependency, isWarm }: FullFailure,
  start: Start,
  requests: number,
): Promise<readonly number[]> => {
  const cell: Cell = { dependency, fault: isWarm ? 'none' : 'reset', method: 'GET' };
  return withDependencies(cell, async ({ faulty, variables }) => {
    const send = senderOf(cell, start(variables, Date.now));
    if (isWarm) {
      for (let request = 0; request < 50; request += 1) await send();
      await faulty.turn('reset');
    }
    const retries: number[] = [];
    while (retries.length < requests) {
      await send();
      retries.push(faulty.calls() - retries.length - 1);
    }
    return retries;
  });
};

const senderOf = (cell: Cell, gateway: ReturnType<Start>) => {
  let sent = 0;
  return async (): Promise<string> => {
    const event = await eventOf(cell, `request-${(sent += 1)}`);
    const { statusCode, headers } = await gateway(event, lambdaContext());
    return `${statusCode}${headers?.['retry-after'] ? ' Retry-After' : ''}`;
  };
};

/** While all calls fail, a store is retried once, and a service as often as the example contract says for users. */
export const maxRetries = (dependency: Dependency): number =>
  dependency === 'upstream'
    ? (httpPolicies(contract).find(({ name }) => name === 'users')?.retries ?? 0)
    : 1;

export interface BreakerRun {
  /** For the requests while the service failed: how many reached it, and the responses to the others. */
  readonly letThrough: number;
  readonly whileOpen: readonly string[];
  /** How many of ten concurrent requests reached it directly after the pause, and got its response. */
  readonly probes: number;
  readonly servedByProbe: number;
  /** The time from opening to the probe's response, and the response to the next request. */
  readonly recoveredAfterMs: number;
  readonly afterwards: string;
}

/** A service that fails for a while, seen through one environment. `restMs` is the contract's `openFor`. */
export const breakerRun = (start: Start, restMs: number): Promise<BreakerRun> => {
  const cell: Cell = { dependency: 'upstream', fault: 'reset', method: 'POST' };
  return withDependencies(cell, async ({ faulty, variables }) => {
    const send = senderOf(cell, start(variables, Date.now));
    const whileFailing: string[] = [];
    for (let request = 0; request < 50; request += 1) whileFailing.push(await send());
    const openedAtMs = performance.now();
    const letThrough = faulty.calls();
    await faulty.turn('1 s late'); // The probe is in progress while the others arrive.
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const atOnce = await Promise.all(Array.from({ length: 10 }, send));
    const probes = faulty.calls();
    const recoveredAfterMs = performance.now() - openedAtMs;
    await faulty.turn('none');
    return {
      letThrough,
      whileOpen: [...new Set(whileFailing.slice(letThrough))],
      probes,
      servedByProbe: atOnce.filter((response) => response === '200').length,
      recoveredAfterMs,
      afterwards: await send(),
    };
  });
};
