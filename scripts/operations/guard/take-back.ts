import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../stack/command-line/command-error.ts';

const pausesMs = [200, 1_000, 3_000, 10_000];

/**
 * Takes a change back, with retries for a quarter of a minute. A call without a response may have been effective, so
 * `attempt` reads first what there is. Throws a `CommandError` that says with `failure` what to do by hand.
 */
export const takeBack = async (
  attempt: () => Promise<unknown>,
  failure: string,
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<void> => {
  let cause: unknown;
  for (const pauseMs of [0, ...pausesMs]) {
    await pause(pauseMs);
    try {
      await attempt();
      return;
    } catch (error) {
      cause = error;
    }
  }
  throw new CommandError(`${failure}\n${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
};
