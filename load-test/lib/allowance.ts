import type { Limit } from './input.ts';

/** What the client saw of one request. The gateway decided at some moment between the two. */
export interface Sighting {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly admitted: boolean;
}

/** A number that is known to lie between two others, both included. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** What was admitted beside what was due: an exact limiter's numbers overlap. */
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
 * What a bucket that was full at its first request admits in a time, while it is asked for more than
 * it refills: its burst, and what flowed in since.
 */
export const allowance = ({ limit, windowSeconds, burst }: Limit, elapsedMs: number): number =>
  // Where the sum is due to be whole, a rounding error below it would hide a token.
  Math.floor(burst + (Math.max(0, elapsedMs) * limit) / (windowSeconds * 1000) + 1e-9);

/**
 * Compares what a fresh key was given with what was due. A bout is a run of requests until after a
 * refusal, with a rest before the next as long as Retry-After asked for, which must be too short to
 * fill the bucket. When the gateway decided is only known to lie between sending and answer. Undefined
 * if a bout had no refusal: it tested nothing.
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
  least: admitted.filter(({ answeredAtMs }) => answeredAtMs <= momentMs.least).length,
  most: admitted.filter(({ sentAtMs }) => sentAtMs <= momentMs.most).length,
});

/** The first decision of these came not before the first was sent, nor after the first answer. */
const earliest = (sightings: readonly Sighting[]): Bounds => ({
  least: Math.min(...sightings.map(({ sentAtMs }) => sentAtMs)),
  most: Math.min(...sightings.map(({ answeredAtMs }) => answeredAtMs)),
});

const latest = (sightings: readonly Sighting[]): Bounds => ({
  least: Math.max(...sightings.map(({ sentAtMs }) => sentAtMs)),
  most: Math.max(...sightings.map(({ answeredAtMs }) => answeredAtMs)),
});

const overlap = ({ admitted, due }: Account): boolean =>
  admitted.least <= due.most && due.least <= admitted.most;
