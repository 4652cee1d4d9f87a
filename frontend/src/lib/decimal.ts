/** Exact decimal arithmetic on the API's strings: whole numbers of 10^-18, never a float. */

const SCALE = 18;
const UNIT = 10n ** BigInt(SCALE);
const PATTERN = /^([+-]?)(\d+)(?:\.(\d{1,18}))?$/;

/** The decimal as a whole number of 10^-18. Throws a RangeError for anything that is not one. */
export function toUnits(decimal: string): bigint {
  const match = PATTERN.exec(decimal);
  if (!match) throw new RangeError(`Not a decimal with at most ${SCALE} fractional digits: ${decimal}`);
  const [, sign, whole = "0", fraction = ""] = match;
  const units = BigInt(whole) * UNIT + BigInt(fraction.padEnd(SCALE, "0"));
  return sign === "-" ? -units : units;
}

/** The shortest exact text of a number of 10^-18. */
export function fromUnits(units: bigint): string {
  const size = units < 0n ? -units : units;
  const fraction = (size % UNIT).toString().padStart(SCALE, "0").replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${size / UNIT}${fraction ? `.${fraction}` : ""}`;
}

export function sum(decimals: Iterable<string>): string {
  let total = 0n;
  for (const decimal of decimals) total += toUnits(decimal);
  return fromUnits(total);
}

export function subtract(left: string, right: string): string {
  return fromUnits(toUnits(left) - toUnits(right));
}

export function compare(left: string, right: string): number {
  const a = toUnits(left);
  const b = toUnits(right);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isZero(decimal: string): boolean {
  return toUnits(decimal) === 0n;
}

export function isNegative(decimal: string): boolean {
  return toUnits(decimal) < 0n;
}

/** `part` of `whole` in percent with `digits` fractional digits, or null where the whole is zero. */
export function percentOf(part: string, whole: string, digits = 1): string | null {
  const divisor = toUnits(whole);
  if (divisor === 0n) return null;
  const scaled = divideHalfEven(toUnits(part) * 100n * 10n ** BigInt(digits), divisor);
  return placePoint(scaled, digits);
}

/** Rounds half to even, as banks and the pipeline do; "1.005" to 2 digits is "1.00". */
export function round(decimal: string, digits: number): string {
  return placePoint(divideHalfEven(toUnits(decimal), 10n ** BigInt(SCALE - digits)), digits);
}

/** For the geometry of charts and bars only; never shown, never added up. */
export function toPlot(decimal: string): number {
  return Number(decimal);
}

function divideHalfEven(value: bigint, divisor: bigint): bigint {
  const negative = value < 0n !== divisor < 0n;
  const n = value < 0n ? -value : value;
  const d = divisor < 0n ? -divisor : divisor;
  const quotient = n / d;
  const twice = (n % d) * 2n;
  const up = twice > d || (twice === d && quotient % 2n === 1n);
  const rounded = up ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

function placePoint(scaled: bigint, digits: number): string {
  const size = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, "0");
  const sign = scaled < 0n ? "-" : "";
  if (digits === 0) return `${sign}${size}`;
  return `${sign}${size.slice(0, -digits)}.${size.slice(-digits)}`;
}
