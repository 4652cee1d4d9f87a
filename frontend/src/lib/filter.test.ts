import { describe, expect, it } from "vitest";
import type { Filter } from "~/api/types";
import { asConditions, FilterSyntaxError, formatFilter, fromConditions, parseFilter } from "./filter";

const text =
  'ServiceName in ("Amazon EC2","Amazon S3") and not (ChargeCategory = "Tax" or tag:"team" is null)';

describe("the filter's text form", () => {
  it("reads the grammar", () => {
    expect(parseFilter(text)).toEqual({
      and: [
        { dimension: "ServiceName", operator: "in", values: ["Amazon EC2", "Amazon S3"] },
        {
          not: {
            or: [
              { dimension: "ChargeCategory", operator: "in", values: ["Tax"] },
              { dimension: "tag:team", operator: "isNull", values: [] },
            ],
          },
        },
      ],
    });
  });

  it.each([
    text,
    'RegionId != "us-east-1"',
    'RegionId not in ("a","b")',
    'ServiceName contains "EC2" and ServiceName not contains "Spot"',
    'ServiceName starts with "Amazon" or ServiceName ends with "S3"',
    'tag:"cost center" is not null',
    '(RegionId = "a" or RegionId = "b") and ChargeCategory = "Usage"',
    'ServiceName contains ("EC2","S3")',
    'SubAccountName = "tab\\tand \u00e9"',
    'SubAccountName = "quote \\" and back\\\\slash"',
  ])("writes back what it read: %s", (written) => {
    expect(formatFilter(parseFilter(written))).toBe(written);
  });

  it("takes bare tag keys, words in any case and loose space", () => {
    const loose = parseFilter(' tag:team  IN ( "web" ,"api" )  AND RegionId IS NOT NULL ');
    expect(formatFilter(loose)).toBe('tag:"team" in ("web","api") and RegionId is not null');
  });

  it("is nothing when empty", () => {
    expect(parseFilter("  ")).toBeNull();
    expect(formatFilter(null)).toBe("");
  });

  it.each([
    ["ServiceName", 11],
    ['ServiceName = "open', 14],
    ["ServiceName in ()", 16],
    ['ServiceName = ("a")', 14],
    ['ServiceName in "a"', 15],
    ['ServiceName = "\\q"', 14],
    ['(ServiceName = "a"', 18],
    ['ServiceName = "a" RegionId = "b"', 18],
    ["ServiceName ~ 3", 12],
  ])("names the place of a mistake: %s", (bad, position) => {
    const error = (() => {
      try {
        parseFilter(bad);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(FilterSyntaxError);
    expect((error as FilterSyntaxError).position).toBe(position);
  });
});

describe("chips", () => {
  it("are the conditions of a plain and", () => {
    const one: Filter = { dimension: "RegionId", operator: "in", values: ["a"] };
    expect(asConditions(one)).toEqual([one]);
    expect(asConditions({ and: [one, one] })).toEqual([one, one]);
    expect(asConditions(null)).toEqual([]);
    expect(asConditions({ or: [one, one] })).toBeNull();
    expect(asConditions({ and: [one, { not: one }] })).toBeNull();
  });

  it("go back into the smallest filter", () => {
    const one = { dimension: "RegionId", operator: "in" as const, values: ["a"] };
    expect(fromConditions([])).toBeNull();
    expect(fromConditions([one])).toEqual(one);
    expect(fromConditions([one, one])).toEqual({ and: [one, one] });
  });
});
