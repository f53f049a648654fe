import type { Path, Report } from './problem.ts';

export const sizeSchema = { $ref: '#/$defs/size' } as const;

const unitBytes: Readonly<Record<string, number>> = { B: 1, KiB: 1_024, MiB: 1_048_576 };

/** `512B`, `16KiB`, `1MiB` in bytes; undefined for anything else, which the contract's schema reports. */
export const sizeBytes = (text: string | undefined): number | undefined => {
  const [, count, unit = ''] = /^(\d+)(B|KiB|MiB)$/.exec(text ?? '') ?? [];
  const scale = unitBytes[unit];
  return count === undefined || scale === undefined ? undefined : Number(count) * scale;
};

interface SizeRange {
  readonly min: string;
  readonly max: string;
}

/** Lambda accepts 6 MiB including the rest of the event. */
export const bodySizeRange: SizeRange = { min: '0B', max: '6MiB' };

/** In bytes. Undefined if it is absent or not allowed. */
export const readSize = (
  text: string | undefined,
  { min, max }: SizeRange,
  path: Path,
  report: Report,
): number | undefined => {
  const bytes = sizeBytes(text);
  if (bytes === undefined) return undefined;
  if (bytes >= (sizeBytes(min) ?? 0) && bytes <= (sizeBytes(max) ?? Infinity)) return bytes;
  report(path, `"${String(path.at(-1))}" is ${text}; it can be from ${min} to ${max}`);
  return undefined;
};
