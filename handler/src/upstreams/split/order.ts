import { hash } from 'node:crypto';

/** Indexes of the targets that have a weight, in the order in which a request may go to them. */
export type Order = readonly number[];

/**
 * The order for a point from 0 to below 1: each target has an interval as long as its weight. The place within the
 * interval decides about the next target, so that those that are left out are replaced in proportion, too.
 */
export const orderByPoint = (weights: readonly number[], point: number): Order => {
  const left = weights.flatMap((weight, index) => (weight > 0 ? [index] : []));
  const order: number[] = [];
  let total = weights.reduce((sum, weight) => sum + weight, 0);
  let at = point;
  while (left.length > 0) {
    let start = 0;
    let chosen = 0;
    // Of the last, the end is not compared: a sum of fractions may miss it.
    while (chosen < left.length - 1 && at * total >= start + weightAt(weights, left[chosen])) {
      start += weightAt(weights, left[chosen]);
      chosen += 1;
    }
    const [index = 0] = left.splice(chosen, 1);
    const weight = weightAt(weights, index);
    at = (at * total - start) / weight;
    total -= weight;
    order.push(index);
  }
  return order;
};

/**
 * The order for a key, always the same: weighted rendezvous hashing (Schindelhauer and Schomaker, 2005). If weights
 * change, only as many keys move as the changes need; if a target is left out, only its own.
 */
export const orderByKey = (
  weights: readonly number[],
  names: readonly string[],
  key: string,
): Order =>
  weights
    .flatMap((weight, index) =>
      weight > 0
        ? [{ index, score: weight / -Math.log(fractionOf(`${names[index]}#${key}`)) }]
        : [],
    )
    .toSorted((a, b) => b.score - a.score)
    .map(({ index }) => index);

/** A number between 0 and 1, neither of them included. */
const fractionOf = (text: string): number =>
  (hash('sha256', text, 'buffer').readUIntBE(0, 6) + 0.5) / 2 ** 48;

const weightAt = (weights: readonly number[], index: number | undefined): number =>
  weights[index ?? 0] ?? 0;

/**
 * Points that are spread evenly, however many of them are used (Weyl, with the golden ratio): n points miss a share by
 * about log(n) / n, where independent random ones miss it by about 1 / √n. The random start keeps execution environments
 * that serve few requests from all beginning with the same target.
 */
export const createPoints = (random: () => number): (() => number) => {
  let point = random();
  return () => {
    point = (point + goldenRatio) % 1;
    return point;
  };
};

const goldenRatio = (Math.sqrt(5) - 1) / 2;
