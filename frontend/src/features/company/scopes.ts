import type { Account } from "~/api/types";

/** A token has no account of its own and makes no tokens. */
const NEVER = /^account:|^tokens:write$|^tenant:delete$|^members:leave$/;

/** What a token of this person can be given: of their own permissions, those that a program may have. */
export function scopesFor(account: Account | undefined): string[] {
  return account?.permissions.filter((permission) => !NEVER.test(permission)) ?? [];
}
