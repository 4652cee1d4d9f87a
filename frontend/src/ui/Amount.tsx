import { agoLabel, timeLabel } from "~/lib/dates";
import { changeBetween, currencyDigits, displayMoney, exactAmount, signed, signedPercent } from "~/lib/money";
import { cx } from "./cx";

/** Money for reading; every digit is in its value and title. */
export function Amount({
  value,
  currency,
  code = false,
}: {
  value: string;
  currency: string;
  code?: boolean;
}) {
  return (
    <data value={value} title={`${exactAmount(value)} ${currency}`} className="whitespace-nowrap">
      {displayMoney(value, currency)}
      {code && <span className="ms-1 text-[0.85em] text-ink-3">{currency}</span>}
    </data>
  );
}

/** A change in words and signs; colour only underlines it. Spending more is never "good" here. */
export function Delta({
  before,
  now,
  currency,
  than,
}: {
  before: string;
  now: string;
  currency: string;
  than: string;
}) {
  const { difference, percent, direction } = changeBetween(before, now);
  if (direction === "same") return <span className="text-ink-3">no change against {than}</span>;
  const up = direction === "up";
  return (
    <span>
      <span className={cx("font-semibold", up ? "text-bad" : "text-good")} title={exactAmount(difference)}>
        {signed(difference, currencyDigits(currency))}
        {percent !== null && ` (${signedPercent(percent)})`}
      </span>{" "}
      <span className="text-ink-3">
        {up ? "more" : "less"} than {than}
      </span>
    </span>
  );
}

export function AsOf({ time }: { time: string | null }) {
  if (!time) return null;
  return (
    <span className="text-ink-3">
      Data as of{" "}
      <time dateTime={time} title={agoLabel(time)}>
        {timeLabel(time)}
      </time>
    </span>
  );
}
