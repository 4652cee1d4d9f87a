import { describe, expect, it } from "vitest";
import { type ExplorerQuery, readQuery, toCostQuery, writeQuery } from "./query";

const defaults: ExplorerQuery = {
  metric: "EffectiveCost",
  groupBy: ["ServiceName"],
  granularity: "day",
  start: "2026-11-01",
  end: "2026-12-01",
  filter: null,
  currency: null,
  top: 9,
};

const full: ExplorerQuery = {
  metric: "BilledCost",
  groupBy: ["RegionId", "tag:cost center"],
  granularity: "month",
  start: "2025-12-01",
  end: "2026-12-01",
  filter: {
    and: [
      { dimension: "ServiceName", operator: "notIn", values: ['a "b" & c', "é,ü"] },
      { dimension: "tag:team", operator: "isNull", values: [] },
    ],
  },
  currency: "EUR",
  top: 100,
};

describe("the Explorer's address", () => {
  it("gives back the query it was written from, through a real URL", () => {
    const url = new URL(`http://x/explore?${writeQuery(full)}`);
    expect(readQuery(url.searchParams, defaults)).toEqual({ query: full, problems: [] });
    expect(readQuery(writeQuery({ ...full, groupBy: [] }), defaults).query.groupBy).toEqual([]);
  });

  it("falls back to the defaults for what is absent", () => {
    expect(readQuery(new URLSearchParams(), defaults)).toEqual({ query: defaults, problems: [] });
  });

  it.each([
    ["metrics=Profit", "metrics=Profit"],
    ["granularity=hour", "granularity=hour"],
    ["start=2026-11-01", "start=2026-11-01, end="],
    ["start=2026-11-02&end=2026-11-01", "start=2026-11-02, end=2026-11-01"],
    ["start=2026-02-30&end=2026-04-01", "start=2026-02-30, end=2026-04-01"],
    ["groupBy=A,B,C", "groupBy=A,B,C"],
    ["top=12", "top=12"],
    ["filter=ServiceName", "filter: Expected"],
  ])("tells what it could not read: %s", (search, problem) => {
    const read = readQuery(new URLSearchParams(search), defaults);
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).toContain(problem);
    expect(read.query.start).toBe(defaults.start);
  });

  it("becomes the API's body", () => {
    expect(toCostQuery(full)).toEqual({
      metrics: ["BilledCost"],
      groupBy: ["RegionId", "tag:cost center"],
      granularity: "month",
      start: "2025-12-01",
      end: "2026-12-01",
      top: 100,
      filter: full.filter,
    });
    expect(toCostQuery(defaults)).not.toHaveProperty("filter");
  });
});
