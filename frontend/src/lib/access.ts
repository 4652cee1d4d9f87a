import type { Account, Module } from "~/api/types";

/** Which part of the product a permission belongs to, by its domain. */
const MODULES: Record<string, Module> = {
  account: "account",
  audit: "audit",
  costs: "costs",
  tokens: "tokens",
  uploads: "uploads",
};

/** Whether the person may do this here: their role has it, and the company has that part of Outlay. */
export function may(account: Account | undefined, permission: string): boolean {
  if (!account?.permissions.includes(permission)) return false;
  return account.modules.includes(MODULES[permission.split(":")[0] ?? ""] ?? "company");
}

/** Runs the platform and belongs to no company. */
export function isGlobalOwner(who: { role: string } | null | undefined): boolean {
  return who?.role === "global_owner";
}

export const ROLES = ["owner", "admin", "member", "viewer"] as const;

/** The roles that somebody of this role may give: nobody gives what is above themselves. */
export function rolesUpTo(role: string | undefined): (typeof ROLES)[number][] {
  const rank = ROLES.indexOf(role as (typeof ROLES)[number]);
  return rank < 0 ? [] : ROLES.slice(rank);
}
