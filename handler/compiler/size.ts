import type { Path, Report } from './problem.ts';

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

/** Lambda takes 6 MiB with everything around it. */
export const bodySizeRange: SizeRange = { min: '0B', max: '6MiB' };

/** In bytes; undefined where there is none, or none that is allowed. */
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
