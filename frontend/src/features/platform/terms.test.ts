import { expect, it } from "vitest";
import type { CompanyTerms } from "~/api/types";
import { changeOf, formOf, isRate, limitsText, profileOf } from "./terms";

const usual: CompanyTerms = { profile: "full", limits: null };
const own: CompanyTerms = { profile: "intake", limits: { tenantPerMinute: 6000, userPerMinute: 60 } };

it("says what is agreed", () => {
  expect(limitsText(usual)).toBe("As everybody");
  expect(limitsText(own)).toBe("6,000 of all together, 60 of one person or program");
  expect(profileOf(own)?.label).toBe("Intake");
});

it("sends back what was read where nothing is changed, the reason apart", () => {
  for (const terms of [usual, own])
    expect(changeOf(formOf(terms, " Contract "))).toEqual({ terms, reason: "Contract" });
});

it("forgets numbers of a company that is to be as everybody", () => {
  expect(changeOf({ ...formOf(own), limits: "everybody" }).terms.limits).toBeNull();
  expect(changeOf({ ...formOf(own), limits: "own" }).terms.limits).toEqual(own.limits);
});

it("takes whole numbers of a size that can be agreed on", () => {
  for (const good of ["1", " 600 ", "1000000"]) expect(isRate(good)).toBe(true);
  for (const bad of ["", "0", "1000001", "12.5", "-3", "1e3", "1,000", "many"])
    expect(isRate(bad)).toBe("Enter a whole number from 1 to 1,000,000.");
});
