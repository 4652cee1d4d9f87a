import { expect, it } from "vitest";
import { durationText, everyText } from "./words";

it("says how often", () => {
  expect([1, 5, 60, 90, 120, 1440, 2880].map(everyText)).toEqual([
    "every minute",
    "every 5 minutes",
    "every hour",
    "every 90 minutes",
    "every 2 hours",
    "every day",
    "every 2 days",
  ]);
});

it("says how long", () => {
  expect([0, 45.9, 60, 3600, 11_100, 86_400, 187_200, -1].map(durationText)).toEqual([
    "0 s",
    "45 s",
    "1 min",
    "1 h",
    "3 h 5 min",
    "1 d",
    "2 d 4 h",
    "0 s",
  ]);
});
