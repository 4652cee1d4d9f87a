import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { EVERYBODYS } from "./query-client";

const AGAIN_MS = 5 * 60_000;

/** What whoever runs the platform tells everybody; null where nothing. It is told while something fails, too. */
export function noticeQuery() {
  return queryOptions({
    queryKey: ["notice"],
    queryFn: async ({ signal }) => {
      const { data, error } = await api.GET("/v1/platform/health", { signal });
      if (data) return data.notice;
      return error && "notice" in error ? error.notice : null;
    },
    staleTime: 60_000,
    meta: EVERYBODYS,
    refetchInterval: AGAIN_MS,
    retry: false,
  });
}
