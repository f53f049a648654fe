interface Decimal {
  /** The number is `digits` times ten to the power of `exponent`. */
  readonly digits: bigint;
  readonly exponent: number;
}

/**
 * Whether numbers are multiples of a divisor, by their decimal notation: 19.99 is a multiple of 0.01, and 1.005 is not.
 * Exact for every number in JSON.
 */
export const multiplesOf = (divisor: number): ((value: number) => boolean) => {
  const step = decimalOf(divisor);
  const scale = 10 ** -step.exponent;
  const stepDigits = Number(step.digits);
  // Powers of ten are exact in binary up to 10^22.
  const isShort = step.exponent <= 0 && step.exponent >= -22 && Number.isSafeInteger(stepDigits);
  return (value) => {
    const scaled = Math.round(value * scale);
    // With up to 15 digits, no two decimals are the same number in binary.
    if (isShort && Math.abs(scaled) < 1e15) {
      return scaled / scale === value && scaled % stepDigits === 0;
    }
    return isMultiple(decimalOf(value), step);
  };
};

/** The shortest decimal of this number: the original text, if that had at most 15 digits. */
const decimalOf = (value: number): Decimal => {
  const [mantissa = '', power] = value.toExponential().split('e');
  const [integer = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(integer + fraction), exponent: Number(power) - fraction.length };
};

/** Digits are at most 17: larger powers of ten do not change whether the remainder is 0. */
const isMultiple = (value: Decimal, step: Decimal): boolean => {
  const shift = value.exponent - step.exponent;
  return shift >= 0
    ? (value.digits * 10n ** BigInt(Math.min(shift, 64))) % step.digits === 0n
    : value.digits % (step.digits * 10n ** BigInt(Math.min(-shift, 18))) === 0n;
};
