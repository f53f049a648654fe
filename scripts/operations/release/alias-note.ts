/**
 * What the alias's description keeps of releases: which versions served before, newest first, and while one is under
 * way, to which version and until when. It changes in the same call as the traffic, so the two cannot disagree.
 */
export interface AliasNote {
  readonly servedBefore: readonly string[];
  readonly release: ReleaseUnderWay | undefined;
}

export interface ReleaseUnderWay {
  readonly version: string;
  /** By then its step is over; a release that is still noted later was cut off. ISO 8601, in seconds. */
  readonly until: string;
}

/** Further ones are forgotten; a description has 256 characters. */
const mostKept = 10;

export const writeNote = ({ servedBefore, release }: AliasNote): string => {
  const parts = ['Serves requests'];
  if (release) parts.push(`releasing ${release.version} until ${release.until}`);
  if (servedBefore.length > 0) {
    parts.push(`served before: ${servedBefore.slice(0, mostKept).join(', ')}`);
  }
  return parts.join('; ');
};

/** A description by somebody else's hand says nothing. */
export const readNote = (description: string): AliasNote => {
  const before = /(?:^|; )served before: (\d+(?:, \d+)*)$/.exec(description)?.[1];
  const [, version, until] = /(?:^|; )releasing (\d+) until (\S+?)(?:;|$)/.exec(description) ?? [];
  return {
    servedBefore: before?.split(', ') ?? [],
    release: version === undefined || until === undefined ? undefined : { version, until },
  };
};
