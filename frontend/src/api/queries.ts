import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, call } from "./client";
import type { CostQuery, Upload } from "./types";

const POLL_MS = 1200;

export function dashboardQuery() {
  return queryOptions({
    queryKey: ["costs", "dashboard"],
    queryFn: ({ signal }) => call(api.GET("/v1/costs/dashboard", { signal })),
  });
}

export function trendsQuery(months: number) {
  return queryOptions({
    queryKey: ["costs", "trends", months],
    queryFn: ({ signal }) => call(api.GET("/v1/costs/trends", { params: { query: { months } }, signal })),
  });
}

export function costQuery(query: CostQuery) {
  return queryOptions({
    queryKey: ["costs", "query", query],
    queryFn: ({ signal }) => call(api.POST("/v1/costs/query", { body: query, signal })),
    placeholderData: keepPreviousData,
  });
}

export function dimensionsQuery() {
  return queryOptions({
    queryKey: ["costs", "dimensions"],
    queryFn: async ({ signal }) => {
      const answer = await call(api.GET("/v1/costs/dimensions", { signal }));
      return "dimensions" in answer ? answer.dimensions : [];
    },
    staleTime: 5 * 60_000,
  });
}

export function valuesQuery(dimension: string, search: string) {
  return queryOptions({
    queryKey: ["costs", "dimensions", dimension, search],
    queryFn: async ({ signal }) => {
      const query = { dimension, limit: 50, ...(search ? { search } : {}) };
      const answer = await call(api.GET("/v1/costs/dimensions", { params: { query }, signal }));
      return "values" in answer ? answer.values : [];
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function uploadsQuery() {
  return infiniteQueryOptions({
    queryKey: ["uploads", "list"],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/v1/uploads", {
          params: { query: { limit: 25, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // Work that is under way somewhere else (a colleague's upload) shows up by itself.
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(isMoving)) ? POLL_MS * 2 : false,
  });
}

export function uploadQuery(uploadId: string) {
  return queryOptions({
    queryKey: ["uploads", "one", uploadId],
    queryFn: ({ signal }) =>
      call(api.GET("/v1/uploads/{uploadId}", { params: { path: { uploadId } }, signal })),
    refetchInterval: (query) => (query.state.data && isMoving(query.state.data) ? POLL_MS : false),
  });
}

/** Whether the service is still at work on it, so that asking again will tell something new. */
export function isMoving(upload: Upload): boolean {
  const open = upload.status === "pending" || upload.status === "processing";
  return open && upload.stage !== "needs-confirmation" && upload.stage !== "expired";
}
