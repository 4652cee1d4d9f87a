import { expect, it } from "vitest";
import type { Account } from "~/api/types";
import { isGlobalOwner, may, rolesUpTo } from "./access";

const account = (permissions: string[], modules: Account["modules"]): Account => ({
  user: { id: "usr_1", name: "Ada", email: "ada@example.com" },
  tenant: { id: "ten_1", name: "Example" },
  role: "viewer",
  permissions,
  modules,
  landingRoute: "/overview",
  tenants: [],
});

it("demands both the role's permission and the company's module", () => {
  const viewer = account(["costs:read", "members:read"], ["account", "company", "costs"]);
  expect(may(viewer, "costs:read")).toBe(true);
  expect(may(viewer, "members:read"), "people belong to every company").toBe(true);
  expect(may(viewer, "audit:read"), "not the role's").toBe(false);
  const withoutAudit = account(["audit:read"], ["company"]);
  expect(may(withoutAudit, "audit:read"), "not the company's").toBe(false);
  expect(may(undefined, "costs:read"), "not known yet").toBe(false);
});

it("gives no role above one's own", () => {
  expect(rolesUpTo("owner")).toEqual(["owner", "admin", "member", "viewer"]);
  expect(rolesUpTo("admin")).toEqual(["admin", "member", "viewer"]);
  expect(rolesUpTo("global_owner")).toEqual([]);
  expect(rolesUpTo(undefined)).toEqual([]);
});

it("tells who runs the platform", () => {
  expect(isGlobalOwner({ role: "global_owner" })).toBe(true);
  expect(isGlobalOwner({ role: "owner" })).toBe(false);
  expect(isGlobalOwner(null)).toBe(false);
});
