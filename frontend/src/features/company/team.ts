import type { Account, Role } from "~/api/types";
import { may, ROLES, rolesUpTo } from "~/lib/access";

/** Whether to offer changing this person: one may look after people, and they are not above oneself. */
export function canGovern(account: Account, person: { role: Role }): boolean {
  return may(account, "members:write") && rolesUpTo(account.role).includes(person.role);
}

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}
