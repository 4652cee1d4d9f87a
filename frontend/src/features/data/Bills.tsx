import type { Bill } from "~/api/types";
import { monthLabel } from "~/lib/dates";
import { displayCount, exactAmount } from "~/lib/money";
import { Badge } from "~/ui/Notice";
import { ScrollRegion } from "~/ui/ScrollRegion";

const STATES: Record<
  Bill["state"],
  { text: string; note: string; tone: "good" | "info" | "warn" | "plain" }
> = {
  active: { text: "Counts", note: "In every total", tone: "good" },
  staged: { text: "Not yet", note: "Read, not switched in", tone: "info" },
  "cross-check": { text: "Cross-check", note: "Another source counts for this month", tone: "plain" },
  superseded: { text: "Replaced", note: "A later version counts", tone: "plain" },
  unchanged: { text: "Unchanged", note: "Equal to the version that counts", tone: "plain" },
};

/** Every bill with every digit: this table is for checking against the invoice. */
export function Bills({ bills }: { bills: Bill[] }) {
  const sorted = [...bills].sort(
    (a, b) => b.billingPeriod.localeCompare(a.billingPeriod) || a.payer.localeCompare(b.payer),
  );
  return (
    <ScrollRegion label="Bills" className="-mx-5 px-5">
      <table className="w-full min-w-[820px]">
        <thead>
          <tr className="border-b border-line text-[13px] text-ink-3 *:py-2 *:font-medium">
            <th scope="col" className="text-start">
              Billing period
            </th>
            <th scope="col" className="ps-4 text-start">
              Payer
            </th>
            <th scope="col" className="ps-4 text-start">
              State
            </th>
            <th scope="col" className="ps-4 text-end">
              Rows
            </th>
            <th scope="col" className="ps-4 text-end">
              Billed cost
            </th>
            <th scope="col" className="ps-4 text-end">
              Effective cost
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((bill) => (
            <BillRow key={bill.versionId} bill={bill} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function BillRow({ bill }: { bill: Bill }) {
  const { text, note, tone } = STATES[bill.state];
  return (
    <>
      <tr className="border-t border-line align-top first:border-0 *:py-2.5">
        <th scope="row" className="text-start font-medium">
          {monthLabel(bill.billingPeriod)}
        </th>
        <td className="ps-4">
          {bill.payer}
          <span className="block text-[13px] text-ink-3">{bill.provider}</span>
        </td>
        <td className="ps-4">
          <Badge tone={tone}>{text}</Badge>
          <span className="block text-[13px] text-ink-3">{note}</span>
        </td>
        <td className="ps-4 text-end">{displayCount(bill.rows)}</td>
        <td className="ps-4 text-end">
          <Exact totals={bill.totals.map((total) => [total.BilledCost, total.currency])} />
        </td>
        <td className="ps-4 text-end">
          <Exact totals={bill.totals.map((total) => [total.EffectiveCost, total.currency])} />
        </td>
      </tr>
      {bill.residues.length > 0 && (
        <tr>
          <td colSpan={6} className="pb-2.5 text-[13px] text-ink-3">
            <Residues bill={bill} />
          </td>
        </tr>
      )}
    </>
  );
}

function Exact({ totals }: { totals: [string, string][] }) {
  return totals.map(([amount, currency]) => (
    <div key={currency} className="whitespace-nowrap">
      <data value={amount}>{exactAmount(amount)}</data>
      <span className="ms-1 text-[0.85em] text-ink-3">{currency}</span>
    </div>
  ));
}

/** More than 18 fractional digits cannot be stored; what was rounded off is kept and told. */
function Residues({ bill }: { bill: Bill }) {
  return (
    <>
      Rounded to 18 fractional digits:{" "}
      {bill.residues.map(({ column, currency, rows, residue }, i) => (
        <span key={column + currency}>
          {i > 0 && "; "}
          {column} in {displayCount(rows)} rows, {residue} {currency} left over
        </span>
      ))}
      . Stored plus left over is the source.
    </>
  );
}
