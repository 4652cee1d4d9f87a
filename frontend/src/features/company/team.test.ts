import { expect, it } from "vitest";
import type { Account, Role } from "~/api/types";
import { canGovern, isRole } from "./team";

const as = (role: Role, permissions: string[]): Account => ({
  user: { id: "usr_1", name: "Ada", email: "ada@example.com" },
  tenant: { id: "ten_1", name: "Example" },
  role,
  permissions,
  modules: ["account", "company"],
  landingRoute: "/overview",
  tenants: [],
});

it("offers to change nobody above oneself, and nobody without the permission", () => {
  const admin = as("admin", ["members:write"]);
  expect(canGovern(admin, { role: "owner" })).toBe(false);
  expect(canGovern(admin, { role: "admin" })).toBe(true);
  expect(canGovern(admin, { role: "viewer" })).toBe(true);
  expect(canGovern(as("member", []), { role: "viewer" })).toBe(false);
});

it("knows the roles", () => {
  expect(isRole("viewer")).toBe(true);
  expect(isRole("global_owner")).toBe(false);
});
