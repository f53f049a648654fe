import { textOf } from '../dynamodb/attributes.ts';
import type { Item } from '../dynamodb/dynamodb.ts';
import type { TrafficWeights, Weights } from './traffic-store.ts';

/** The one item of the table. `make traffic` writes it; every execution environment reads it. */
export const trafficKey = { traffic_id: { S: 'weights' } } as const;

/** The attribute with the weights, as JSON. The item also has the changes that led to them. */
export const weightsAttribute = 'weights';

/** Throws if it is not what `make traffic` writes. */
export const weightsIn = (item: Item | undefined): TrafficWeights => {
  const text = textOf(item?.[weightsAttribute]);
  if (text === undefined) return {};
  const value: unknown = JSON.parse(text);
  if (isMap(value) && Object.values(value).every(isWeights)) return value as TrafficWeights;
  throw new TypeError('The item of the traffic table has no weights');
};

const isWeights = (value: unknown): value is Weights =>
  isMap(value) &&
  Object.values(value).every((weight) => Number.isSafeInteger(weight) && Number(weight) >= 0);

const isMap = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
