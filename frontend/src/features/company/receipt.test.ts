import { expect, it } from "vitest";
import { headlineOf, STEPS, stepOf } from "./receipt";

it("knows how far a deletion is", () => {
  expect(stepOf("requested")).toBe(0);
  expect(stepOf("settling")).toBe(STEPS.length - 1);
  expect(stepOf("finished")).toBe(STEPS.length);
});

it("does not claim more than it read", () => {
  expect(headlineOf(undefined)[0]).toBe("Receipt of a deletion");
  expect(headlineOf("settling")[0]).toBe("The company is being deleted");
  expect(headlineOf("finished")[0]).toBe("Nothing is left");
});
