import { CommandError } from '../../stack/command-line/command-error.ts';
import type { Traffic } from './live-alias.ts';
import { beforeRelease, settledOn } from './before-release.ts';

/** Where a rollback goes: to the version before a release that is under way, else to the one that served before. */
export const rollbackTarget = (traffic: Traffic): Traffic => {
  // Weights alone are no release's: Lambda has its own while it moves provisioned concurrency.
  if (traffic.release !== undefined) return beforeRelease(traffic);
  const [before, ...earlier] = traffic.servedBefore;
  if (before === undefined) {
    throw new CommandError(
      `No version served before version ${traffic.version}: there is none to go back to.`,
    );
  }
  return settledOn(before, earlier);
};
