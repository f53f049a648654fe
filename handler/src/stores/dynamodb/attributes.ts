import type { AttributeValue } from './dynamodb.ts';

/** Undefined for anything but a string. */
export const textOf = (value: AttributeValue | undefined): string | undefined =>
  value !== undefined && 'S' in value ? value.S : undefined;

/** Undefined for anything but a number. */
export const numberOf = (value: AttributeValue | undefined): number | undefined =>
  value !== undefined && 'N' in value ? Number(value.N) : undefined;
