import { queryOptions, useQuery } from "@tanstack/react-query";
import { may } from "~/lib/access";
import { api, call } from "./client";
import { forgetAnswers } from "./query-client";
import { signedIn } from "./session";
import type { Session } from "./types";
import { useSession } from "./useSession";

/** Who is signed in, and what they may do here. */
export function accountQuery() {
  return queryOptions({
    queryKey: ["account"],
    queryFn: ({ signal }) => call(api.GET("/v1/auth/me", { signal })),
    staleTime: 60_000,
  });
}

export function useAccount() {
  const { status } = useSession();
  return useQuery({ ...accountQuery(), enabled: status === "in" });
}

/** Whether to offer it. `false` until it is known: nothing shows up only to be taken away. */
export function useMay(permission: string): boolean {
  return may(useAccount().data, permission);
}

/** Where the person is signed in, newest first. */
export function signInsQuery() {
  return queryOptions({
    queryKey: ["account", "sign-ins"],
    queryFn: async ({ signal }) => (await call(api.GET("/v1/auth/sessions", { signal }))).items,
  });
}

/** By way of whom the person signs in from outside, the first one first. */
export function identitiesQuery() {
  return queryOptions({
    queryKey: ["account", "identities"],
    queryFn: async ({ signal }) => (await call(api.GET("/v1/auth/identities", { signal }))).items,
  });
}

/**
 * Ends the sign-in of this browser, also where its page is left meanwhile. The cookie is the server's to take away: who
 * gets no answer is signed in still.
 */
export async function endSession(): Promise<void> {
  await call(api.POST("/v1/auth/logout", { keepalive: true }));
}

/** Goes on as somebody else, or in another company: nothing of the one before stays. */
export function startSession(session: Session): void {
  forgetAnswers();
  signedIn(session);
}
