import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call, callTagged } from "./client";
import type { LogLevel, Standing } from "./types";

/** What the global owner sees: the platform, not a company. */

export type CompanyFilter = { search?: string; standing?: Standing };

export function companiesQuery(filter: CompanyFilter) {
  return infiniteQueryOptions({
    queryKey: ["platform", "companies", filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/v1/admin/tenants", {
          params: { query: { limit: 50, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** A company with the ETag that a change of its terms must name. */
export function companyDetailQuery(tenantId: string) {
  return queryOptions({
    queryKey: ["platform", "company", tenantId],
    queryFn: ({ signal }) =>
      callTagged(api.GET("/v1/admin/tenants/{tenantId}", { params: { path: { tenantId } }, signal })),
  });
}

export function platformConfigQuery() {
  return queryOptions({
    queryKey: ["platform", "config"],
    queryFn: ({ signal }) => callTagged(api.GET("/v1/admin/config", { signal })),
  });
}

export function schedulesQuery() {
  return queryOptions({
    queryKey: ["platform", "schedules"],
    queryFn: async ({ signal }) => (await call(api.GET("/v1/admin/sync", { signal }))).items,
    refetchInterval: 10_000,
  });
}

export function operationsQuery(months: number) {
  return queryOptions({
    queryKey: ["platform", "health", months],
    queryFn: ({ signal }) => call(api.GET("/v1/admin/health", { params: { query: { months } }, signal })),
    refetchInterval: 30_000,
  });
}

export type LogFilter = {
  domain?: string;
  level?: LogLevel;
  tenantId?: string;
  requestId?: string;
  from?: string;
  to?: string;
};

export function logsQuery(filter: LogFilter) {
  return infiniteQueryOptions({
    queryKey: ["platform", "logs", filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/v1/admin/logs", {
          params: { query: { limit: 100, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function statsQuery() {
  return queryOptions({
    queryKey: ["platform", "stats"],
    queryFn: ({ signal }) => call(api.GET("/v1/admin/stats", { signal })),
  });
}

export type PersonFilter = { search?: string; email?: string; standing?: Standing };

export function peopleQuery(filter: PersonFilter) {
  return infiniteQueryOptions({
    queryKey: ["platform", "people", filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/v1/admin/users", {
          params: { query: { limit: 50, ...filter, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function personQuery(userId: string) {
  return queryOptions({
    queryKey: ["platform", "person", userId],
    queryFn: ({ signal }) =>
      call(api.GET("/v1/admin/users/{userId}", { params: { path: { userId } }, signal })),
  });
}
