import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../stack/command-line/command-error.ts';
import type { LiveAlias, Traffic } from './live-alias.ts';

const pausesMs = [200, 1_000, 3_000, 10_000];

/**
 * Moves the alias back, whatever it takes: of a call whose answer was lost, nobody knows whether it took effect, so the
 * alias is read anew each time. Left alone only where somebody else has moved it meanwhile.
 */
export const moveBack = async (
  alias: LiveAlias,
  from: { readonly version: string; readonly to: Traffic },
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<void> => {
  const { version, to } = from;
  let cause: unknown;
  for (const pauseMs of [0, ...pausesMs]) {
    await pause(pauseMs);
    try {
      const traffic = await alias.read();
      if (!involves(traffic, version)) return;
      return await alias.move(to);
    } catch (error) {
      cause = error;
    }
  }
  throw new CommandError(
    `The alias could not be moved back: version ${version} may still get requests. Move it: make rollback\n` +
      (cause instanceof Error ? cause.message : String(cause)),
    { cause },
  );
};

const involves = ({ version, also, release }: Traffic, candidate: string): boolean =>
  [version, also?.version, release?.version].includes(candidate);
