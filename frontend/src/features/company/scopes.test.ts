import { expect, it } from "vitest";
import type { Account } from "~/api/types";
import { scopesFor } from "./scopes";

it("gives a token what its maker may, but neither the account nor more tokens", () => {
  const permissions = ["account:read", "account:write", "costs:read", "members:leave", "tenant:delete"];
  const account = { permissions: [...permissions, "tokens:read", "tokens:write"] } as Account;
  expect(scopesFor(account)).toEqual(["costs:read", "tokens:read"]);
  expect(scopesFor(undefined)).toEqual([]);
});
