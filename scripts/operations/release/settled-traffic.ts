import { CommandError } from '../../stack/command-line/command-error.ts';
import { note } from '../../stack/command-line/step.ts';
import type { LiveAlias, Traffic } from './live-alias.ts';

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
        'if it was interrupted, `make rollback` reverts it at once.',
    );
  }
  const before = beforeRelease(traffic);
  note(
    `A release of version ${release.version} was interrupted; version ${before.version} serves again.`,
  );
  await alias.move(before);
  await alias.provisioned();
  return before;
};

/**
 * Weights without a note are not of a release: they are Lambda's own, which end by themselves, or were set elsewhere.
 */
const withoutRelease = async (alias: LiveAlias): Promise<Traffic> => {
  await alias.provisioned();
  const { also, ...traffic } = await alias.read();
  if (also !== undefined) {
    note(
      `The alias sends ${Math.round(also.share * 100)} % of requests to version ${also.version}, but no release did that. The next release or rollback ends it.`,
    );
  }
  return { ...traffic, also: undefined };
};

/** All requests to one version, and no release under way. */
export const settledOn = (version: string, servedBefore: readonly string[]): Traffic => ({
  version,
  also: undefined,
  servedBefore,
  release: undefined,
});

/** The target of the alias if a release did not complete: the version that served before it. */
export const beforeRelease = ({ version, servedBefore, release }: Traffic): Traffic => {
  const [before, ...earlier] = servedBefore;
  return release?.version === version && before !== undefined
    ? settledOn(before, earlier)
    : settledOn(version, servedBefore);
};

/** The target of a rollback: the version before a release in progress, else the previously serving one. */
export const rollbackTarget = (traffic: Traffic): Traffic => {
  // Weights alone do not show a release: Lambda has its own while it moves provisioned concurrency.
  if (traffic.release !== undefined) return beforeRelease(traffic);
  const [before, ...earlier] = traffic.servedBefore;
  if (before === undefined) {
    throw new CommandError(
      `No version served before version ${traffic.version}: a rollback is not possible.`,
    );
  }
  return settledOn(before, earlier);
};
