import { expect, it } from "vitest";
import { totalsOf } from "./totals";

const row = (currency: string, BilledCost: string) => ({
  currency,
  BilledCost,
  EffectiveCost: "0",
  ListCost: "0",
  ContractedCost: "0",
});

it("adds up exactly and never across currencies", () => {
  const totals = totalsOf([row("USD", "0.1"), row("EUR", "5"), row("USD", "0.2")]);
  expect(totals.map(({ currency, BilledCost }) => [currency, BilledCost])).toEqual([
    ["EUR", "5"],
    ["USD", "0.3"],
  ]);
});
