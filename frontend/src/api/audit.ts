import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, call } from "./client";
import type { AuditPage } from "./types";

export type AuditFilter = { actor?: string; action?: string; target?: string; from?: string; to?: string };

type Asked = AuditFilter & { limit: number; cursor?: string };

/** What was done in the company. */
export function auditQuery(filter: AuditFilter) {
  return pagesOf(["audit"], filter, (query, signal) =>
    call(api.GET("/v1/audit", { params: { query }, signal })),
  );
}

/** What was done to one's own account, wherever one works. */
export function ownAuditQuery(filter: AuditFilter) {
  return pagesOf(["account", "audit"], filter, (query, signal) =>
    call(api.GET("/v1/auth/audit", { params: { query }, signal })),
  );
}

/** What was done on the platform, looks included. */
export function platformAuditQuery(filter: AuditFilter) {
  return pagesOf(["platform", "audit"], filter, (query, signal) =>
    call(api.GET("/v1/admin/audit", { params: { query }, signal })),
  );
}

function pagesOf(
  log: string[],
  filter: AuditFilter,
  read: (query: Asked, signal: AbortSignal) => Promise<AuditPage>,
) {
  return infiniteQueryOptions({
    queryKey: [...log, filter],
    queryFn: ({ pageParam, signal }) =>
      read({ limit: 50, ...filter, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
