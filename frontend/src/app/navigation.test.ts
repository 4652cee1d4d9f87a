import { expect, it } from "vitest";
import type { Account } from "~/api/types";
import { landingOf, navigationOf } from "./navigation";
import { paths } from "./paths";

const VIEWER = ["account:read", "account:write", "costs:read", "members:read", "tenant:read", "uploads:read"];
const OWNER = [...VIEWER, "audit:read", "members:write", "tokens:read", "tokens:write", "uploads:write"];
const FULL: Account["modules"] = ["account", "company", "costs", "uploads", "tokens", "audit"];

const account = (change: Partial<Account>): Account => ({
  user: { id: "usr_1", name: "Ada", email: "ada@example.com" },
  tenant: { id: "ten_1", name: "Example" },
  role: "owner",
  permissions: OWNER,
  modules: FULL,
  landingRoute: "/overview",
  tenants: [],
  ...change,
});

const labels = (who: Account) => navigationOf(who).flatMap((group) => group.pages.map((page) => page.label));

it("offers an owner everything", () => {
  expect(labels(account({}))).toEqual([
    "Overview",
    "Explorer",
    "Data",
    "Team",
    "API tokens",
    "Audit",
    "Company",
  ]);
});

it("offers a viewer nothing to administer with", () => {
  expect(labels(account({ role: "viewer", permissions: VIEWER }))).toEqual([
    "Overview",
    "Explorer",
    "Data",
    "Team",
    "Company",
  ]);
});

it("offers nothing that the company does not have", () => {
  expect(labels(account({ modules: ["account", "company", "uploads"] }))).toEqual([
    "Data",
    "Team",
    "Company",
  ]);
});

const globalOwner = (landingRoute: string) => {
  const platform = { role: "global_owner", tenant: null, modules: [], permissions: ["platform:read"] };
  return { ...account({ landingRoute }), ...platform } as unknown as Account;
};

it("offers a global owner the platform alone", () => {
  expect(labels(globalOwner("/admin"))).toEqual([
    "Companies",
    "Users",
    "Health",
    "Schedules",
    "Logs",
    "Audit",
    "Settings",
  ]);
});

it("lands a global owner where the API says, or on the first page of the platform", () => {
  expect(landingOf(globalOwner("/admin"))).toBe(paths.admin);
  expect(landingOf(globalOwner("/platform/health"))).toBe(paths.health);
  expect(landingOf(globalOwner("/overview"))).toBe(paths.companies);
  expect(landingOf(account({ landingRoute: "/admin" }))).toBe(paths.overview);
});

it("lands where the company wants, or on the first page that opens", () => {
  expect(landingOf(account({ landingRoute: "/explore" }))).toBe(paths.explore);
  expect(landingOf(account({ landingRoute: "/overview", modules: ["company", "uploads"] }))).toBe(paths.data);
  expect(landingOf(account({ landingRoute: "https://evil.example" }))).toBe(paths.overview);
  expect(landingOf(account({ permissions: [] }))).toBe(paths.account);
});
