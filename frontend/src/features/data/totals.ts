import type { Totals, Upload } from "~/api/types";
import { sum } from "~/lib/decimal";

/** An upload's exact totals per currency, over all its bills. */
export function billedTotals(upload: Upload): Totals[] {
  return totalsOf(upload.bills.flatMap((bill) => bill.totals));
}

export function totalsOf(totals: Totals[]): Totals[] {
  const currencies = [...new Set(totals.map((total) => total.currency))].sort();
  return currencies.map((currency) => {
    const own = totals.filter((total) => total.currency === currency);
    return {
      currency,
      BilledCost: sum(own.map((total) => total.BilledCost)),
      EffectiveCost: sum(own.map((total) => total.EffectiveCost)),
      ListCost: sum(own.map((total) => total.ListCost)),
      ContractedCost: sum(own.map((total) => total.ContractedCost)),
    };
  });
}
