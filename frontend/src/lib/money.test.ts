import { describe, expect, it } from "vitest";
import { compare, fromUnits, percentOf, round, subtract, sum, toUnits } from "./decimal";
import {
  axisAmount,
  changeBetween,
  currencyDigits,
  displayAmount,
  displayMoney,
  exactAmount,
  signed,
  signedPercent,
} from "./money";

describe("exact decimals", () => {
  it("reads and writes every digit back", () => {
    for (const text of ["0", "-0.000000000000000001", "12345678901234567890.123456789012345678", "1.5"]) {
      expect(fromUnits(toUnits(text))).toBe(text);
    }
  });

  it("refuses what is not a decimal", () => {
    for (const text of ["", "1e3", "1,0", "NaN", ".5", "1.", "0.1234567890123456789"]) {
      expect(() => toUnits(text)).toThrow(RangeError);
    }
  });

  it("adds what floats cannot", () => {
    expect(sum(["0.1", "0.2"])).toBe("0.3");
    expect(sum(["9007199254740993", "0.000000000000000001"])).toBe("9007199254740993.000000000000000001");
    expect(subtract("1", "1.000000000000000001")).toBe("-0.000000000000000001");
  });

  it("orders by value, not by text", () => {
    expect(["10", "9", "-2", "-10"].sort(compare)).toEqual(["-10", "-2", "9", "10"]);
  });

  it("rounds half to even on both sides of zero", () => {
    expect(["0.005", "0.015", "0.025", "-0.005", "-0.015", "1.0050000001"].map((d) => round(d, 2))).toEqual([
      "0.00",
      "0.02",
      "0.02",
      "0.00",
      "-0.02",
      "1.01",
    ]);
    expect(round("2.5", 0)).toBe("2");
  });

  it("takes percentages exactly, and none of zero", () => {
    expect(percentOf("1", "3")).toBe("33.3");
    expect(percentOf("-1", "8", 1)).toBe("-12.5");
    expect(percentOf("1", "0")).toBeNull();
  });
});

describe("money for reading", () => {
  it("groups digits and keeps the currency's own fraction", () => {
    expect(displayMoney("1234567.891", "USD")).toBe("1,234,567.89");
    expect(displayMoney("1234.5", "KWD")).toBe("1,234.500");
    expect(displayMoney("1234.5", "JPY")).toBe("1,234");
    expect(currencyDigits("TOKENS")).toBe(2);
  });

  it("never shows a cost as zero that is not", () => {
    expect(displayAmount("0.0000008", 2)).toBe("<0.01");
    expect(displayAmount("-0.0000008", 2)).toBe("−<0.01");
    expect(displayAmount("0", 2)).toBe("0.00");
    expect(displayAmount("0.3", 0)).toBe("<1");
  });

  it("keeps every digit where it promises them", () => {
    expect(exactAmount("-1234567.000000000000000001")).toBe("−1,234,567.000000000000000001");
  });

  it("says changes with sign and percent", () => {
    const change = changeBetween("80", "100");
    expect(change).toEqual({ difference: "20", percent: "25.0", direction: "up" });
    expect(signed(change.difference, 2)).toBe("+20.00");
    expect(signedPercent("25.0")).toBe("+25.0 %");
    expect(signedPercent("-3.1")).toBe("−3.1 %");
    expect(changeBetween("0", "5").percent).toBeNull();
    expect(changeBetween("-5", "5").percent).toBeNull();
    expect(changeBetween("5", "5").direction).toBe("same");
  });

  it("shortens axis labels only", () => {
    expect([0, 950, 12_500, -3_000_000].map(axisAmount)).toEqual(["0", "950", "12.5k", "−3M"]);
  });
});
