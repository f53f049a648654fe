/** Of a quota: a calendar day or month in UTC. */
export type Period = 'day' | 'month';

/** One day or one month. */
export interface Span {
  /** `2026-11-29`, or `2026-11`. */
  readonly name: string;
  /** Epoch milliseconds of the first moment, and of the first one after it. */
  readonly startMs: number;
  readonly endMs: number;
}

/** The one that a moment belongs to: each begins at 00:00:00.000 UTC. */
export const spanOf = (period: Period, nowMs: number): Span => {
  const date = new Date(nowMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const day = date.getUTCDate();
  return period === 'day'
    ? {
        name: date.toISOString().slice(0, 10),
        startMs: Date.UTC(year, month, day),
        endMs: Date.UTC(year, month, day + 1),
      }
    : {
        name: date.toISOString().slice(0, 7),
        startMs: Date.UTC(year, month),
        endMs: Date.UTC(year, month + 1),
      };
};

export const isIn = ({ startMs, endMs }: Span, nowMs: number): boolean =>
  startMs <= nowMs && nowMs < endMs;
