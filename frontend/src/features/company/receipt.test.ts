import { expect, it } from "vitest";
import { STEPS, stepOf } from "./receipt";

it("knows how far a deletion is", () => {
  expect(stepOf("requested")).toBe(0);
  expect(stepOf("settling")).toBe(STEPS.length - 1);
  expect(stepOf("finished")).toBe(STEPS.length);
});
