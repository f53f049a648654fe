import type { Limit } from './input.ts';

/** What the client saw of one request. The gateway decided at some moment between the two. */
export interface Sighting {
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly outcome:
    { readonly admitted: true } | { readonly admitted: false; readonly retryAfterSeconds: number };
}

/** A number that is known to lie between two others, both included. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** What was admitted beside what was due: an exact limiter's numbers overlap. */
export interface Verdict {
  readonly atFirstRefusal: { readonly admitted: Bounds; readonly due: Bounds };
  readonly overall: { readonly admitted: number; readonly due: Bounds };
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
 * Compares what a fresh key was given with what was due. Two things are not visible from outside:
 * when, between sending and answer, the gateway decided; and whether it remembered a refusal, which
 * it may until its Retry-After. Undefined if nothing was refused: then nothing was tested.
 */
export const judge = (limit: Limit, sightings: readonly Sighting[]): Verdict | undefined => {
  const admitted = sightings.filter(({ outcome }) => outcome.admitted);
  const refused = sightings.filter(({ outcome }) => !outcome.admitted);
  if (admitted.length === 0 || refused.length === 0) return undefined;

  const firstMs = earliest(sightings);
  const due = (momentMs: Bounds): Bounds => ({
    least: allowance(limit, momentMs.least - firstMs.most),
    most: allowance(limit, momentMs.most - firstMs.least),
  });

  const firstRefusalMs = earliest(refused);
  const atFirstRefusal = {
    admitted: {
      least: admitted.filter(({ answeredAtMs }) => answeredAtMs <= firstRefusalMs.least).length,
      most: admitted.filter(({ sentAtMs }) => sentAtMs <= firstRefusalMs.most).length,
    },
    due: due(firstRefusalMs),
  };
  const overall = {
    admitted: admitted.length,
    due: due({ least: knownEmptyAtMs(refused), most: latestAnswerMs(admitted) }),
  };
  return {
    atFirstRefusal,
    overall,
    exact:
      overlap(atFirstRefusal.admitted, atFirstRefusal.due) &&
      overlap({ least: overall.admitted, most: overall.admitted }, overall.due),
  };
};

/** The first decision of these came not before the first was sent, nor after the first answer. */
const earliest = (sightings: readonly Sighting[]): Bounds => ({
  least: Math.min(...sightings.map(({ sentAtMs }) => sentAtMs)),
  most: Math.min(...sightings.map(({ answeredAtMs }) => answeredAtMs)),
});

const latestAnswerMs = (sightings: readonly Sighting[]): number =>
  Math.max(...sightings.map(({ answeredAtMs }) => answeredAtMs));

const knownEmptyAtMs = (refused: readonly Sighting[]): number =>
  Math.max(
    ...refused.map(({ sentAtMs, outcome }) =>
      outcome.admitted ? -Infinity : sentAtMs - outcome.retryAfterSeconds * 1000,
    ),
  );

const overlap = (one: Bounds, other: Bounds): boolean =>
  one.least <= other.most && other.least <= one.most;
