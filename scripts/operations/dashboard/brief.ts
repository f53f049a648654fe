/** Short enough for the room beside an axis: 1.77M, 12,345, 0.25, 4.4e-5. */
export const brief = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 100_000) return compact.format(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en');
  return size > 0 && size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
};

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
