import type { Path, Report } from './problem.ts';

interface Range {
  readonly min: string;
  readonly max: string;
}

/** Reads numbers with a unit, such as `5s` or `16KiB`. `units` has the value of each unit in the smallest one. */
export const quantity = (units: Readonly<Record<string, number>>) => {
  /** In the smallest unit. Undefined for anything else, which the contract's schema reports. */
  const parse = (text: string | undefined): number | undefined => {
    const [, count, unit = ''] = /^(\d+)([A-Za-z]+)$/.exec(text ?? '') ?? [];
    const scale = Object.hasOwn(units, unit) ? units[unit] : undefined;
    return count === undefined || scale === undefined ? undefined : Number(count) * scale;
  };
  const isWithin = (value: number, { min, max }: Range): boolean =>
    value >= (parse(min) ?? 0) && value <= (parse(max) ?? Infinity);
  /** In the smallest unit. Undefined if it is absent or invalid. */
  const read = (
    text: string | undefined,
    range: Range,
    path: Path,
    report: Report,
  ): number | undefined => {
    const value = parse(text);
    if (value === undefined || isWithin(value, range)) return value;
    const { min, max } = range;
    report(path, `"${String(path.at(-1))}" is ${text}; it can be from ${min} to ${max}`);
    return undefined;
  };
  return { parse, isWithin, read };
};
