import type { DashboardBlock } from "~/api/types";
import { dayLabel, isIncompleteDay, monthLabel, monthStart, rangeLabel } from "~/lib/dates";
import { displayMoney, exactAmount } from "~/lib/money";
import { Amount, Delta } from "~/ui/Amount";
import { shownMonth } from "./period";

export function MonthToDate({ block, dataAsOf }: { block: DashboardBlock; dataAsOf: string | null }) {
  const month = shownMonth(block);
  if (!month) return null;
  const { currency, monthToDate, previousMonthToDate, previousMonth } = block;
  const now = monthToDate.EffectiveCost ?? "0";
  const last = block.daily.at(-1)?.start ?? "";
  const before = monthLabel(monthStart(month.start, -1));
  return (
    <section className="card flex flex-col p-6">
      <h2 className="text-[15px] font-semibold">
        {monthLabel(month.start)}
        {month.whole ? "" : ", month to date"}
      </h2>
      <p className="text-[13px] text-ink-3">Effective cost, {rangeLabel(month.start, month.end)}</p>
      <p className="mt-4 font-serif text-[42px] leading-none font-medium" data-testid="month-to-date">
        <data value={now} title={`${exactAmount(now)} ${currency}`}>
          {displayMoney(now, currency)}
        </data>
        <span className="ms-2 font-sans text-base text-ink-3">{currency}</span>
      </p>
      <p className="mt-3">
        <Delta
          before={previousMonthToDate.EffectiveCost ?? "0"}
          now={now}
          currency={currency}
          than={month.whole ? before : `the same days of ${before}`}
        />
      </p>
      {isIncompleteDay(last, dataAsOf) && (
        <p className="mt-2 text-[13px] text-warn">
          {dayLabel(last)} is incomplete: the provider is still adding to it.
        </p>
      )}
      <dl className="mt-auto divide-y divide-line border-t border-line pt-1 [&>div]:flex [&>div]:justify-between [&>div]:py-2">
        <div>
          <dt className="text-ink-3">Billed {month.whole ? "" : "to date"}</dt>
          <dd>
            <Amount value={monthToDate.BilledCost ?? "0"} currency={currency} />
          </dd>
        </div>
        {!month.whole && (
          <div>
            <dt className="text-ink-3">{before}, same days</dt>
            <dd>
              <Amount value={previousMonthToDate.EffectiveCost ?? "0"} currency={currency} />
            </dd>
          </div>
        )}
        <div>
          <dt className="text-ink-3">{before}, whole month</dt>
          <dd>
            <Amount value={previousMonth.EffectiveCost ?? "0"} currency={currency} />
          </dd>
        </div>
      </dl>
    </section>
  );
}
