import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call, callTagged } from "./client";
import { isMissing } from "./problem";
import { EVERYBODYS } from "./query-client";
import type { Member, UserAccount } from "./types";

/** A person of the team. When they signed in last is told to those who look after people. */
export type TeamPerson = Member & { lastSignInAt?: string | null };

export function teamQuery(withSignIns: boolean) {
  return infiniteQueryOptions({
    queryKey: ["team", "people", withSignIns],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      if (!withSignIns) return call(api.GET("/v1/members", { params: { query }, signal }));
      const page = await call(api.GET("/v1/users", { params: { query }, signal }));
      return { ...page, items: page.items.map(asMember) };
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

function asMember({ id, ...account }: UserAccount): TeamPerson {
  return { userId: id, ...account };
}

/** A person as those who look after people see them, with the ETag that a change must name. */
export function userAccountQuery(userId: string) {
  return queryOptions({
    queryKey: ["team", "account", userId],
    queryFn: ({ signal }) =>
      callTagged(api.GET("/v1/users/{userId}", { params: { path: { userId } }, signal })),
    staleTime: 0,
  });
}

export function invitesQuery() {
  return queryOptions({
    queryKey: ["team", "invites"],
    queryFn: async ({ signal }) => (await call(api.GET("/v1/members/invites", { signal }))).items,
  });
}

export function tokensQuery() {
  return queryOptions({
    queryKey: ["tokens"],
    queryFn: async ({ signal }) => (await call(api.GET("/v1/tokens", { signal }))).items,
  });
}

/** The company with the ETag that a change of it must name. */
export function companyQuery() {
  return queryOptions({
    queryKey: ["company"],
    queryFn: ({ signal }) => callTagged(api.GET("/v1/tenants/current", { signal })),
  });
}

export function usageQuery() {
  return queryOptions({
    queryKey: ["company", "usage"],
    queryFn: ({ signal }) => call(api.GET("/v1/tenants/current/usage", { signal })),
  });
}

const RECEIPT_POLL_MS = 2000;

export function receiptQuery(receipt: string) {
  return queryOptions({
    queryKey: ["receipt", receipt],
    queryFn: ({ signal }) =>
      call(api.GET("/v1/offboardings/{receipt}", { params: { path: { receipt } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.stage === "finished" || isMissing(state.error) ? false : RECEIPT_POLL_MS,
    meta: EVERYBODYS,
  });
}
