import { startSession } from "~/api/account";
import { api, call } from "~/api/client";
import { identityToken, providerQuery } from "~/api/outside";
import { ApiError, clientError, isRetryable } from "~/api/problem";
import { queryClient } from "~/api/query-client";
import type { OidcProvider } from "~/api/types";
import { paths, safeNext } from "~/app/paths";
import { type Arrival, type Attempt, authorizationUrl, emailIn, newAttempt, type Refusal } from "~/lib/oidc";

const KEY = "outlay.outside";

/** An identity that the issuer vouched for a moment ago, on its way to a session. */
export type Claim = { idToken: string; nonce: string; email: string | null; next: string };

/** What is left to do when somebody came back and is not in. */
export type Outcome =
  | { refused: Refusal; told: string | null; next: string }
  | { failure: unknown; next: string }
  | { step: "link" | "found"; claim: Claim };

/** Sends the browser to the issuer. What it must come back with stays in this tab. */
export async function goOutside(provider: OidcProvider, next: string): Promise<void> {
  const attempt = newAttempt(provider.issuer, next);
  const url = await authorizationUrl(provider, attempt, callback());
  sessionStorage.setItem(KEY, JSON.stringify(attempt));
  window.location.assign(url);
}

/** The attempt of this tab. It serves once, whatever comes of it. */
export function takeAttempt(): Attempt | null {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return kept ? (JSON.parse(kept) as Attempt) : null;
}

/** Signs in with what the issuer sent back; null when that is all. */
export async function comeBack(arrival: Arrival): Promise<Outcome | null> {
  if ("refused" in arrival) return { ...arrival, next: safeNext(arrival.next) };
  const { code, attempt } = arrival;
  const next = safeNext(attempt.next);
  try {
    const claim = { ...(await redeem(code, attempt)), next };
    return await exchange(claim).then(
      () => null,
      (error) => nextStep(error, claim),
    );
  } catch (failure) {
    return { failure, next };
  }
}

/** The claim for a session: with the account's password, or with the name of a company to found, where asked for. */
export async function exchange(claim: Claim, more: { password?: string; company?: string } = {}) {
  const { idToken, nonce } = claim;
  startSession(await call(api.POST("/v1/auth/oidc/exchange", { body: { idToken, nonce, ...more } })));
}

/** Whether the same claim may still be good after this: a typing error, a full counter, a service that is down. */
export function isStillGood(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return isRetryable(error) || error.status === 400 || error.slug === "wrong-credentials";
}

/** What the API says of a token, for those who know of none. */
export function inWords(failure: unknown): unknown {
  if (!(failure instanceof ApiError) || failure.slug !== "wrong-identity") return failure;
  return new ApiError({
    ...failure.problem,
    title: "That sign-in is no longer good",
    detail:
      "It is some minutes old, was used before, or was not meant for this page. Sign in there once more.",
  });
}

async function redeem(code: string, { verifier, nonce }: Attempt) {
  const provider = await queryClient.ensureQueryData(providerQuery());
  if (!provider) {
    throw clientError(
      "sign-in-not-offered",
      "This way of signing in is not offered",
      "It was switched off. Sign in with address and password.",
    );
  }
  const idToken = await identityToken(provider, { code, verifier, callback: callback() });
  return { idToken, nonce, email: emailIn(idToken) };
}

function nextStep(error: unknown, claim: Claim): Outcome {
  const slug = error instanceof ApiError ? error.slug : "";
  if (slug === "address-has-account") return { step: "link", claim };
  if (slug === "no-account") return { step: "found", claim };
  return { failure: error, next: claim.next };
}

function callback(): string {
  return window.location.origin + paths.signInCallback;
}
