import { queryOptions } from "@tanstack/react-query";
import { errorCode } from "~/lib/oidc";
import { api, call } from "./client";
import { clientError } from "./problem";
import { EVERYBODYS } from "./query-client";
import type { OidcProvider } from "./types";

/** Where one signs in from outside; null where nobody does. */
export function providerQuery() {
  return queryOptions({
    queryKey: ["outside"],
    queryFn: async ({ signal }) => (await call(api.GET("/v1/auth/oidc", { signal }))).provider,
    staleTime: 5 * 60_000,
    meta: EVERYBODYS,
  });
}

export type Redemption = { code: string; verifier: string; callback: string };

/** Redeems at the issuer the code that it sent the browser back with. Nothing else that it gives is kept. */
export async function identityToken(
  provider: OidcProvider,
  { code, verifier, callback }: Redemption,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    client_id: provider.clientId,
    redirect_uri: callback,
    code,
    code_verifier: verifier,
  });
  const asked = fetch(provider.tokenEndpoint, { method: "POST", body, credentials: "omit" });
  const response = await asked.catch(() => {
    throw clientError(
      "issuer-silent",
      "Your company's sign-in did not answer",
      "You signed in there, but it did not say so here. Try again in a moment.",
    );
  });
  const answer = await response.json().catch(() => null);
  if (response.ok && typeof answer?.id_token === "string") return answer.id_token;
  const told = errorCode(answer?.error);
  throw clientError(
    "issuer-refused",
    "Your company's sign-in did not say who you are",
    `Try again. If it stays so, tell whoever runs that sign-in${told ? ` that it answered ${told}` : ""}.`,
  );
}
