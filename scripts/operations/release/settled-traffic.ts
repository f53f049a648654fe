import { CommandError } from '../../stack/command-line/command-error.ts';
import { note } from '../../stack/command-line/step.ts';
import type { LiveAlias, Traffic } from './live-alias.ts';
import { beforeRelease } from './before-release.ts';

/**
 * What the alias serves as a release begins, with its provisioned concurrency ready. A release that was cut off is
 * taken back first; one at work is left alone.
 */
export const settledTraffic = async (alias: LiveAlias, nowMs: number): Promise<Traffic> => {
  const traffic = await alias.read();
  const { release } = traffic;
  if (release === undefined) return withoutRelease(alias);
  if (Date.parse(release.until) > nowMs) {
    throw new CommandError(
      `A release of version ${release.version} is under way until ${release.until}. Wait for it; ` +
        'where it was cut off, `make rollback` takes it back at once.',
    );
  }
  const before = beforeRelease(traffic);
  note(
    `A release of version ${release.version} was cut off; version ${before.version} serves again.`,
  );
  await alias.move(before);
  await alias.provisioned();
  return before;
};

/** Weights without a note are no release's: Lambda's own, which end by themselves, or those of another hand. */
const withoutRelease = async (alias: LiveAlias): Promise<Traffic> => {
  await alias.provisioned();
  const { also, ...traffic } = await alias.read();
  if (also !== undefined) {
    note(
      `The alias sends ${Math.round(also.share * 100)} % of requests to version ${also.version}, and no release did that: the next move of the traffic ends it.`,
    );
  }
  return { ...traffic, also: undefined };
};
