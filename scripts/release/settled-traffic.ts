import { Fault } from '../command-line/fault.ts';
import { note } from '../command-line/step.ts';
import type { LiveAlias, Traffic } from './live-alias.ts';
import { beforeRelease } from './before-release.ts';

/** What the alias serves as a release begins. One that was cut off is taken back first; one at work is left alone. */
export const settledTraffic = async (alias: LiveAlias, nowMs: number): Promise<Traffic> => {
  const traffic = await alias.read();
  const { release, also } = traffic;
  if (release === undefined && also === undefined) return traffic;
  if (release !== undefined && Date.parse(release.until) > nowMs) {
    throw new Fault(
      `A release of version ${release.version} is under way until ${release.until}. Wait for it; ` +
        'where it was cut off, `make rollback` takes it back at once.',
    );
  }
  const before = beforeRelease(traffic);
  note(
    `A release of version ${release?.version ?? also?.version} was cut off; version ${before.version} serves again.`,
  );
  await alias.move(before);
  return before;
};
