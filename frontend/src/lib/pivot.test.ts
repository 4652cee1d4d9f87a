import { describe, expect, it } from "vitest";
import type { CostBlock } from "~/api/types";
import { sum } from "./decimal";
import { fold, pivot } from "./pivot";

const row = (start: string | null, key: string | null, cost: string, other = false) => ({
  start,
  keys: [other ? null : key],
  other,
  metrics: { EffectiveCost: cost },
});
const block = (rows: CostBlock["rows"], total: string): CostBlock => ({
  currency: "USD",
  totals: { EffectiveCost: total },
  rows,
  groups: 4,
});

describe("pivot", () => {
  const answer = block(
    [
      row("2026-11-01", "S3", "0.1"),
      row("2026-11-01", "EC2", "5"),
      row("2026-11-01", null, "1", true),
      row("2026-11-02", "S3", "0.2"),
      row("2026-11-02", null, "-0.5"),
    ],
    "5.8",
  );

  it("keeps null apart from others, fills gaps with zero, ranks by total", () => {
    const table = pivot(answer, "EffectiveCost", "day");
    expect(table.buckets).toEqual(["2026-11-01", "2026-11-02"]);
    expect(table.groups.map((group) => [group.keys[0], group.other, group.total, group.values])).toEqual([
      ["EC2", false, "5", ["5", "0"]],
      ["S3", false, "0.3", ["0.1", "0.2"]],
      [null, false, "-0.5", ["0", "-0.5"]],
      [null, true, "1", ["1", "0"]],
    ]);
  });

  it("adds up both ways to the API's total", () => {
    const table = pivot(answer, "EffectiveCost", "day");
    expect(sum(table.groups.map((group) => group.total))).toBe(table.total);
    expect(sum(table.bucketTotals)).toBe(table.total);
    expect(sum(fold(table.groups, 1).map((group) => group.total))).toBe(table.total);
  });

  it("carries a running sum over days without costs", () => {
    const running = block(
      [row("2026-11-01", "S3", "1"), row("2026-11-02", "EC2", "2"), row("2026-11-03", "S3", "4")],
      "6",
    );
    const table = pivot(running, "EffectiveCost", "cumulative");
    expect(table.groups.map((group) => group.values)).toEqual([
      ["1", "1", "4"],
      ["0", "2", "2"],
    ]);
    expect(table.groups.map((group) => group.total)).toEqual(["4", "2"]);
    expect(table.bucketTotals.at(-1)).toBe(table.total);
  });

  it("has no buckets without time", () => {
    const table = pivot(block([row(null, "S3", "1.5")], "1.5"), "EffectiveCost", "total");
    expect(table).toMatchObject({ buckets: [], total: "1.5", groups: [{ total: "1.5", values: [] }] });
  });

  it("folds only what would not fit", () => {
    const table = pivot(answer, "EffectiveCost", "day");
    expect(fold(table.groups, 3)).toBe(table.groups);
    expect(fold(table.groups, 2).map((group) => group.id)).toEqual(['["EC2"]', '["S3"]', "other"]);
    expect(fold(table.groups, 2).at(-1)).toMatchObject({ total: "0.5", values: ["1", "-0.5"] });
  });
});
