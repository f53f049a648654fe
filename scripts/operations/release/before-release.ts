import type { Traffic } from './live-alias.ts';

/** All requests to one version, and no release under way. */
export const settledOn = (version: string, servedBefore: readonly string[]): Traffic => ({
  version,
  also: undefined,
  servedBefore,
  release: undefined,
});

/** What the alias goes back to where a release did not come to its end: the version that served before it. */
export const beforeRelease = ({ version, servedBefore, release }: Traffic): Traffic => {
  const [before, ...earlier] = servedBefore;
  return release?.version === version && before !== undefined
    ? settledOn(before, earlier)
    : settledOn(version, servedBefore);
};
