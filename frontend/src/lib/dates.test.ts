import { describe, expect, it } from "vitest";
import {
  addDays,
  agoLabel,
  isDate,
  isIncompleteDay,
  isIncompleteMonth,
  monthStart,
  rangeLabel,
  sizeLabel,
  timeLabel,
  untilLabel,
} from "./dates";

describe("calendar dates", () => {
  it("knows real dates", () => {
    expect(["2024-02-29", "2026-02-29", "2026-13-01", "yesterday"].map(isDate)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("walks over month and year ends", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(monthStart("2026-01-31", -1)).toBe("2025-12-01");
  });

  it("says end-exclusive ranges as people do", () => {
    expect(rangeLabel("2026-11-01", "2026-12-01")).toBe("1 – 30 Nov 2026");
    expect(rangeLabel("2026-11-05", "2026-11-06")).toBe("5 Nov 2026");
    expect(rangeLabel("2025-12-01", "2026-02-01")).toBe("1 Dec 2025 – 31 Jan 2026");
    expect(rangeLabel("2026-09-01", "2026-11-01")).toBe("1 Sep – 31 Oct 2026");
  });

  it("marks what is still filling", () => {
    const asOf = "2026-11-20T06:00:00Z";
    expect(["2026-11-18", "2026-11-19", "2026-11-20"].map((d) => isIncompleteDay(d, asOf))).toEqual([
      false,
      true,
      true,
    ]);
    expect(isIncompleteMonth("2026-11", asOf)).toBe(true);
    expect(isIncompleteMonth("2026-10", asOf)).toBe(false);
    expect(isIncompleteMonth("2026-10", null)).toBe(false);
  });

  it("says times and sizes", () => {
    expect(timeLabel("2026-11-20T21:08:43Z")).toBe("20 Nov 2026, 21:08 UTC");
    expect(agoLabel("2026-11-20T21:00:00Z", Date.parse("2026-11-20T21:05:10Z"))).toBe("5 min ago");
    expect([999, 1_500, 23_400_000, 2_000_000_000].map(sizeLabel)).toEqual([
      "999 B",
      "1.5 kB",
      "23 MB",
      "2.0 GB",
    ]);
  });
});

it("says how long something is still good", () => {
  const now = Date.parse("2026-11-30T12:00:00Z");
  expect(untilLabel("2026-12-07T11:00:00Z", now)).toBe("in 6 days");
  expect(untilLabel("2026-12-02T11:59:00Z", now)).toBe("in 47 h");
  expect(untilLabel("2026-11-30T12:59:59Z", now)).toBe("in 59 min");
  expect(untilLabel("2026-11-30T11:59:59Z", now)).toBe("over");
  expect(untilLabel("never", now)).toBe("never");
});
