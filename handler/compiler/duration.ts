import type { Path, Report } from './problem.ts';

export const durationSchema = { $ref: '#/$defs/duration' } as const;

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `300ms`, `5s`, `10m`, `8h`, `30d` in milliseconds; undefined for anything else, which the contract's schema reports. */
export const durationMs = (text: string | undefined): number | undefined => {
  const [, count, unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(text ?? '') ?? [];
  const scale = unitMs[unit];
  return count === undefined || scale === undefined ? undefined : Number(count) * scale;
};

interface DurationRange {
  readonly min: string;
  readonly max: string;
}

/** API Gateway itself responds 503 after 30 s: one second is reserved for the gateway's own response. */
export const timeoutRange: DurationRange = { min: '10ms', max: '29s' };

/** In milliseconds. Undefined if it is absent or invalid. */
export const readDuration = (
  text: string | undefined,
  { min, max }: DurationRange,
  path: Path,
  report: Report,
): number | undefined => {
  const ms = durationMs(text);
  if (ms === undefined) return undefined;
  if (ms >= (durationMs(min) ?? 0) && ms <= (durationMs(max) ?? Infinity)) return ms;
  report(path, `"${String(path.at(-1))}" is ${text}; it can be from ${min} to ${max}`);
  return undefined;
};
