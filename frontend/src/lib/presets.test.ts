import { expect, it } from "vitest";
import { presets, readableGranularity } from "./presets";

it("counts back from the last day with costs", () => {
  const ranges = Object.fromEntries(
    presets("2026-11-19").map(({ id, start, end }) => [id, `${start}/${end}`]),
  );
  expect(ranges).toEqual({
    mtd: "2026-11-01/2026-11-20",
    previous: "2026-10-01/2026-11-01",
    "7d": "2026-11-13/2026-11-20",
    "30d": "2026-10-21/2026-11-20",
    "90d": "2026-08-22/2026-11-20",
    "3m": "2026-09-01/2026-11-20",
    "6m": "2026-06-01/2026-11-20",
    "12m": "2025-12-01/2026-11-20",
  });
});

it("keeps the number of buckets readable, and what was chosen on purpose", () => {
  expect(readableGranularity("2026-11-01", "2026-11-20", "month")).toBe("day");
  expect(readableGranularity("2026-08-22", "2026-11-20", "day")).toBe("week");
  expect(readableGranularity("2025-12-01", "2026-11-20", "day")).toBe("month");
  expect(readableGranularity("2025-12-01", "2026-11-20", "total")).toBe("total");
});
