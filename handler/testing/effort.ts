import { appendFileSync } from 'node:fs';

const { TORTURE_SCALE: scale, TORTURE_SEED: seed, TORTURE_REPORTS: file } = process.env;

/** How many cases a test has: `short`; in `make torture`, `long` times its SCALE, but never fewer than `short`. */
export const casesOf = (short: number, long: number): number =>
  scale === undefined ? short : Math.max(short, Math.ceil(long * Number(scale)));

/** `usual`, or in `make torture` its SEED. The same seed gives the same cases. */
export const seedOf = (usual: number): number => (seed === undefined ? usual : Number(seed));

/** What a test counted and measured, by names with their units: `make torture` reports it. */
export const report = (cases: number, figures: Readonly<Record<string, number>> = {}): void => {
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ cases, figures })}\n`);
};
