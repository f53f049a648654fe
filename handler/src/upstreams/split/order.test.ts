import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../testing/random.ts';
import { createPoints, orderByKey, orderByPoint } from './order.ts';

const countsOf = (orders: readonly (readonly number[])[], of: number, place = 0) =>
  Array.from({ length: of }, (_, index) => orders.filter((order) => order[place] === index).length);

const keys = Array.from({ length: 20_000 }, (_, index) => `user#${index}`);

describe('the order of targets without a sticky key', () => {
  it.each([[[90, 10]], [[99, 1]], [[50, 30, 20]], [[1, 2, 0, 997]]])(
    'has the weights %j as shares of 20,000 requests within ± 0.05 %%',
    (weights) => {
      for (let seed = 0; seed < 3; seed += 1) {
        const next = createPoints(seededRandom(seed));
        const orders = Array.from({ length: 20_000 }, () => orderByPoint(weights, next()));
        const total = weights.reduce((sum, weight) => sum + weight);
        for (const [index, count] of countsOf(orders, weights.length).entries())
          expect(Math.abs(count / 20_000 - (weights[index] ?? 0) / total)).toBeLessThan(0.0005);
      }
    },
  );

  it('has these shares also over execution environments that serve only three requests each', () => {
    const random = seededRandom(1);
    const orders = Array.from({ length: 7_000 }, () => createPoints(random)).flatMap((next) =>
      [next(), next(), next()].map((point) => orderByPoint([90, 10], point)),
    );
    expect(Math.abs((countsOf(orders, 2)[1] ?? 0) / orders.length - 0.1)).toBeLessThan(0.005);
  });

  it('replaces a target that is left out by the others in proportion to their weights', () => {
    const next = createPoints(seededRandom(2));
    const orders = Array.from({ length: 20_000 }, () => orderByPoint([50, 30, 20], next()));
    const withoutFirst = orders.filter(([first]) => first === 0);
    const [, second = 0, third = 0] = countsOf(withoutFirst, 3, 1);
    expect(second / withoutFirst.length).toBeCloseTo(0.6, 2);
    expect(third / withoutFirst.length).toBeCloseTo(0.4, 2);
  });

  it('has every target with a weight once, whatever the point', () => {
    for (const point of [0, 0.1, 0.5, 1 - Number.EPSILON / 2])
      expect(orderByPoint([3, 0, 0.1, 7], point).toSorted()).toEqual([0, 2, 3]);
  });
});

describe('the order of targets for a sticky key', () => {
  const names = ['users', 'users-next', 'users-old'];
  const chosen = (weights: readonly number[]) =>
    keys.map((key) => orderByKey(weights, names, key)[0] ?? -1);

  it('has the weights as shares of the keys', () => {
    const share = chosen([90, 10, 0]).filter((index) => index === 1).length / keys.length;
    expect(Math.abs(share - 0.1)).toBeLessThan(0.01);
  });

  it('is the same each time, and in whatever order the contract has the upstreams', () => {
    const [key = ''] = keys;
    expect(orderByKey([90, 10], ['a', 'b'], key)).toEqual(orderByKey([90, 10], ['a', 'b'], key));
    for (const each of keys.slice(0, 500)) {
      const [first = -1] = orderByKey([70, 30], ['a', 'b'], each);
      const [reversed = -1] = orderByKey([30, 70], ['b', 'a'], each);
      expect(reversed).toBe(1 - first);
    }
  });

  it('moves only as many keys as a change of weights needs, and only to the target that grows', () => {
    const [before, after] = [chosen([90, 10, 10]), chosen([80, 20, 10])];
    const moved = before.flatMap((index, key) =>
      index === after[key] ? [] : [[index, after[key]]],
    );
    // The share of users-next grows from 9.1 % to 18.2 %.
    expect(moved.length / keys.length).toBeLessThan(0.101);
    expect(moved.filter(([from]) => from === 1)).toEqual([]);
  });

  it('leads only the keys of a target that is left out to another', () => {
    const orders = keys.slice(0, 2_000).map((key) => orderByKey([50, 30, 20], names, key));
    const left = orders.map((order) => order.filter((index) => index !== 0)[0]);
    const without = keys.slice(0, 2_000).map((key) => orderByKey([0, 30, 20], names, key)[0]);
    expect(left).toEqual(without);
  });
});
