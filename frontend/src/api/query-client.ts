import { type FetchQueryOptions, QueryClient, type QueryKey } from "@tanstack/react-query";
import { ApiError, isRetryable } from "./problem";
import { onSessionChange, restoreSession, sessionState } from "./session";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && error instanceof ApiError && isRetryable(error),
      // A 403 is a page of its own: the route's error boundary shows it.
      throwOnError: (error) => error instanceof ApiError && error.status === 403,
    },
    // Without a network one is told so, not that it is being done.
    mutations: { networkMode: "always" },
  },
});

/** Of a query whose answer is everybody's, whoever asks. */
export const EVERYBODYS = { everybodys: true };

/**
 * Answers belong to whoever asked: nothing stays for the next person at this browser. What everybody is told stays,
 * also where it is asked for in this moment: a page that shows it does not ask again.
 */
export function forgetAnswers(): void {
  queryClient.removeQueries({ predicate: ({ meta }) => !meta?.everybodys });
  queryClient.getMutationCache().clear();
}

onSessionChange(() => {
  if (sessionState().status === "out") forgetAnswers();
});

/** Starts a page's questions while its code still loads. Waits only until it is known who asks. */
export async function prefetch<T, K extends QueryKey>(
  ...options: FetchQueryOptions<T, Error, T, K>[]
): Promise<null> {
  if (await restoreSession()) {
    for (const option of options) void queryClient.prefetchQuery(option);
  }
  return null;
}

/** What a finished, replaced or deleted bill changes: every cost and every list. */
export function billsChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ["costs"] });
  void queryClient.invalidateQueries({ queryKey: ["uploads"] });
}
