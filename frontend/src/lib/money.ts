import { isNegative, isZero, percentOf, round, subtract } from "./decimal";

const MINUS = "−";

/** How many fractional digits people expect of a currency: USD 2, JPY 0, KWD 3. */
export function currencyDigits(currency: string): number {
  try {
    const options = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
    return options.maximumFractionDigits ?? 2;
  } catch {
    return 2; // Not a code of ISO 4217; bills may carry such things (credits, tokens).
  }
}

/** For reading: rounded half to even, digits grouped. What is not zero never reads as zero. */
export function displayAmount(decimal: string, digits: number): string {
  const rounded = round(decimal, digits);
  if (isZero(rounded) && !isZero(decimal)) {
    const least = digits === 0 ? "1" : `0.${"1".padStart(digits, "0")}`;
    return `${isNegative(decimal) ? MINUS : ""}<${least}`;
  }
  return groupDigits(isZero(rounded) ? rounded.replace("-", "") : rounded);
}

/** For reading a money amount in its currency, without the code. */
export function displayMoney(decimal: string, currency: string): string {
  return displayAmount(decimal, currencyDigits(currency));
}

/** Every digit that the API gave, grouped: for titles, copies and screen readers. */
export function exactAmount(decimal: string): string {
  return groupDigits(decimal);
}

/** Short form for chart axes: 12.5k, 3M. Only ever a label beside an exact table. */
export function axisAmount(value: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 })
    .format(value)
    .replace("-", MINUS)
    .replace("K", "k");
}

export type Change = {
  difference: string;
  percent: string | null;
  direction: "up" | "down" | "same";
};

export function changeBetween(before: string, now: string): Change {
  const difference = subtract(now, before);
  const direction = isZero(difference) ? "same" : isNegative(difference) ? "down" : "up";
  // Against a credit balance a percentage would point the wrong way.
  const percent = isNegative(before) ? null : percentOf(difference, before);
  return { difference, percent, direction };
}

/** "+1,204.10" or "−3.00": the sign is text, so that colour never carries the meaning alone. */
export function signed(decimal: string, digits: number): string {
  const text = displayAmount(decimal, digits);
  return isNegative(decimal) || isZero(decimal) ? text : `+${text}`;
}

export function signedPercent(percent: string): string {
  return isNegative(percent) || isZero(percent) ? `${groupDigits(percent)} %` : `+${groupDigits(percent)} %`;
}

export function groupDigits(decimal: string): string {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction] = decimal.replace(/^[+-]/, "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `${negative ? MINUS : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

export function displayCount(count: number): string {
  return groupDigits(String(count));
}
