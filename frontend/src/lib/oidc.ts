import type { OidcProvider } from "~/api/types";

/** One way to the issuer and back. It stays in this tab, and serves once. */
export type Attempt = {
  issuer: string;
  /** Comes back with the answer, which so belongs to this attempt and was asked for by this browser. */
  state: string;
  /** The issuer signs its hash only; knowing it makes the token ours. */
  nonce: string;
  /** Redeems the code (RFC 7636); the issuer knows its hash only. */
  verifier: string;
  /** Where to go after. */
  next: string;
};

/** Why somebody comes back without a code that can be redeemed. */
export type Refusal = "over" | "denied" | "failed";

export type Arrival =
  | { code: string; attempt: Attempt }
  | { refused: Refusal; told: string | null; next: string | null };

export function newAttempt(issuer: string, next: string): Attempt {
  return { issuer, state: secret(), nonce: secret(), verifier: secret(), next };
}

/** Where the browser is sent to. */
export async function authorizationUrl(
  provider: OidcProvider,
  attempt: Attempt,
  callback: string,
): Promise<string> {
  const url = new URL(provider.authorizationEndpoint);
  const asked = {
    response_type: "code",
    client_id: provider.clientId,
    redirect_uri: callback,
    scope: "openid email profile",
    state: attempt.state,
    nonce: await hashed(attempt.nonce),
    code_challenge: await hashed(attempt.verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

/** What the issuer sent the browser back with, if it is an answer to this attempt. */
export function arrivalOf(search: URLSearchParams, attempt: Attempt | null): Arrival {
  const issuer = search.get("iss");
  const answers =
    attempt && search.get("state") === attempt.state && (issuer ?? attempt.issuer) === attempt.issuer;
  if (!answers) return { refused: "over", told: null, next: attempt?.next ?? null };
  const [code, error] = [search.get("code"), search.get("error")];
  if (code && !error) return { code, attempt };
  const refused = error === "access_denied" ? "denied" : "failed";
  return { refused, told: errorCode(error), next: attempt.next };
}

/** An error of RFC 6749 by its name. Anybody can write an address, so nothing else of it is shown. */
export function errorCode(error: unknown): string | null {
  return typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? error : null;
}

/** The address in an identity token, to show it. Whether it holds is for the API to say. */
export function emailIn(idToken: string): string | null {
  try {
    const payload = (idToken.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    const { email } = JSON.parse(new TextDecoder().decode(bytes));
    return typeof email === "string" ? email : null;
  } catch {
    return null;
  }
}

/** base64url(sha256(text)) */
export async function hashed(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

function secret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
