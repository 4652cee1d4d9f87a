import { describe, expect, it } from "vitest";
import { isMoving } from "~/api/queries";
import type { Upload } from "~/api/types";
import { STEPS, statusText, stepState } from "./steps";

const upload = (change: Partial<Upload>): Upload => ({
  id: "upl_1",
  fileName: "bill.csv",
  sizeBytes: 1,
  contentType: "text/csv",
  status: "processing",
  stage: "reading",
  createdAt: "2026-11-20T00:00:00Z",
  updatedAt: "2026-11-20T00:00:00Z",
  createdBy: "usr_1",
  format: null,
  onConflict: null,
  rows: null,
  bills: [],
  warnings: [],
  failure: null,
  sample: false,
  ...change,
});
const states = (change: Partial<Upload>) => STEPS.map((_, i) => stepState(upload(change), i));

describe("the stepper", () => {
  it("follows the stages", () => {
    expect(states({ status: "pending", stage: "awaiting-upload" })[0]).toBe("current");
    expect(states({})).toEqual(["done", "current", "waiting", "waiting", "waiting"]);
    expect(states({ stage: "checking" })[2]).toBe("current");
    expect(states({ stage: "needs-confirmation" })[2]).toBe("current");
    expect(states({ stage: "switching" })[3]).toBe("current");
    expect(states({ status: "completed", stage: null })).toEqual(Array(5).fill("done"));
  });

  it("stops where it failed", () => {
    const failure = { rule: "bad-date", detail: "", file: "bill.csv", row: 3, column: "X" };
    expect(states({ status: "failed", stage: null, failure })[1]).toBe("failed");
    expect(states({ status: "failed", stage: "checking", failure })[2]).toBe("failed");
    expect(states({ status: "pending", stage: "expired" })[0]).toBe("failed");
  });

  it("asks again only while the service is at work", () => {
    expect(isMoving(upload({}))).toBe(true);
    expect(isMoving(upload({ stage: "needs-confirmation" }))).toBe(false);
    expect(isMoving(upload({ status: "completed", stage: null }))).toBe(false);
    expect(isMoving(upload({ status: "failed", stage: null }))).toBe(false);
    expect(statusText(upload({ stage: "needs-confirmation" }))).toBe("Needs your decision");
  });
});
