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

it("offers a global owner the platform alone", () => {
  const platform = { role: "global_owner", tenant: null, modules: [], permissions: ["platform:read"] };
  const owner = { ...account({}), ...platform } as unknown as Account;
  expect(labels(owner)).toContain("Companies");
  expect(labels(owner)).not.toContain("Overview");
  expect(landingOf(owner)).toBe(paths.companies);
});

it("lands where the company wants, or on the first page that opens", () => {
  expect(landingOf(account({ landingRoute: "/explore" }))).toBe(paths.explore);
  expect(landingOf(account({ landingRoute: "/overview", modules: ["company", "uploads"] }))).toBe(paths.data);
  expect(landingOf(account({ landingRoute: "https://evil.example" }))).toBe(paths.overview);
  expect(landingOf(account({ permissions: [] }))).toBe(paths.account);
});
