import type { Limit } from './input.ts';

/** What the client saw of one request. The gateway decided at some moment between the two. */
export interface Sighting {
  readonly sentAtMs: number;
  readonly endedAtMs: number;
  readonly admitted: boolean;
}

/** A number known to be between two others, inclusive. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** The accepted number next to the allowed one: for an exact limiter the ranges overlap. */
export interface Account {
  readonly admitted: Bounds;
  readonly due: Bounds;
}

export interface Verdict {
  /** At the first refusal of each bout: the bucket was empty then, so not one less may have been admitted. */
  readonly whenEmpty: readonly Account[];
  readonly overall: Account;
  readonly exact: boolean;
}

/**
 * The number of requests that a bucket, full at the first one, accepts in a time while requests arrive faster than it
 * refills: its burst and the refill since then.
 */
export const allowance = ({ limit, windowSeconds, burst }: Limit, elapsedMs: number): number =>
  // If the sum should be an integer, a rounding error below it would hide a token.
  Math.floor(burst + (Math.max(0, elapsedMs) * limit) / (windowSeconds * 1000) + 1e-9);

/**
 * Compares the accepted requests of a new key with the allowed ones. A run continues until after a refusal. The pause
 * before the next run is as long as Retry-After, and must be too short to fill the bucket. The time of the gateway's
 * decision is only known to be between request and response. Undefined if a bout had no refusal: it tested nothing.
 */
export const judge = (
  limit: Limit,
  bouts: readonly (readonly Sighting[])[],
): Verdict | undefined => {
  const sightings = bouts.flat();
  const admitted = sightings.filter((sighting) => sighting.admitted);
  const refusals = bouts.map((bout) => bout.filter((sighting) => !sighting.admitted));
  if (admitted.length === 0 || refusals.some(({ length }) => length === 0)) return undefined;

  const firstMs = earliest(sightings);
  const due = (momentMs: Bounds): Bounds => ({
    least: allowance(limit, momentMs.least - firstMs.most),
    most: allowance(limit, momentMs.most - firstMs.least),
  });
  const whenEmpty = refusals.map((refused): Account => {
    const momentMs = earliest(refused);
    return { admitted: admittedBy(admitted, momentMs), due: due(momentMs) };
  });
  const overall = {
    admitted: { least: admitted.length, most: admitted.length },
    due: {
      least: Math.max(...whenEmpty.map((account) => account.due.least)),
      most: due(latest(admitted)).most,
    },
  };
  return { whenEmpty, overall, exact: [...whenEmpty, overall].every(overlap) };
};

const admittedBy = (admitted: readonly Sighting[], momentMs: Bounds): Bounds => ({
  least: admitted.filter(({ endedAtMs }) => endedAtMs <= momentMs.least).length,
  most: admitted.filter(({ sentAtMs }) => sentAtMs <= momentMs.most).length,
});

/** The first decision was made between the first request and the first response. */
const earliest = (sightings: readonly Sighting[]): Bounds => ({
  least: Math.min(...sightings.map(({ sentAtMs }) => sentAtMs)),
  most: Math.min(...sightings.map(({ endedAtMs }) => endedAtMs)),
});

const latest = (sightings: readonly Sighting[]): Bounds => ({
  least: Math.max(...sightings.map(({ sentAtMs }) => sentAtMs)),
  most: Math.max(...sightings.map(({ endedAtMs }) => endedAtMs)),
});

const overlap = ({ admitted, due }: Account): boolean =>
  admitted.least <= due.most && due.least <= admitted.most;
