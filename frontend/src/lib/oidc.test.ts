import { expect, it } from "vitest";
import { type Attempt, arrivalOf, authorizationUrl, emailIn, errorCode, hashed, newAttempt } from "./oidc";

const provider = {
  issuer: "https://issuer.example",
  clientId: "outlay",
  authorizationEndpoint: "https://login.example/authorize?tenant=7",
  tokenEndpoint: "https://login.example/token",
};
const attempt: Attempt = {
  issuer: provider.issuer,
  state: "s",
  nonce: "n",
  verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  next: "/explore",
};
const arrive = (search: string, kept: Attempt | null = attempt) =>
  arrivalOf(new URLSearchParams(search), kept);

it("makes up secrets that nobody guesses, new ones each time", () => {
  const [one, other] = [newAttempt("https://issuer.example", "/"), newAttempt("https://issuer.example", "/")];
  const secrets = [one, other].flatMap(({ state, nonce, verifier }) => [state, nonce, verifier]);
  expect(new Set(secrets).size).toBe(6);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

it("asks with hashes only, as RFC 7636 computes them", async () => {
  const url = new URL(await authorizationUrl(provider, attempt, "https://costs.example/sign-in/callback"));
  expect(url.origin + url.pathname).toBe("https://login.example/authorize");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    tenant: "7",
    response_type: "code",
    client_id: "outlay",
    redirect_uri: "https://costs.example/sign-in/callback",
    scope: "openid email profile",
    state: "s",
    nonce: await hashed("n"),
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  });
});

it("takes the answer to its own question", () => {
  expect(arrive("code=c&state=s")).toEqual({ code: "c", attempt });
  expect(arrive("code=c&state=s&iss=https://issuer.example")).toEqual({ code: "c", attempt });
});

it("takes no other answer", () => {
  for (const search of ["code=c", "code=c&state=t", "code=c&state=s&iss=https://evil.example"]) {
    expect(arrive(search), search).toEqual({ refused: "over", told: null, next: "/explore" });
  }
  expect(arrive("code=c&state=s", null)).toEqual({ refused: "over", told: null, next: null });
  expect(arrive("error=access_denied&state=t")).toMatchObject({ refused: "over" });
});

it("tells why there is no code", () => {
  expect(arrive("error=access_denied&state=s")).toMatchObject({ refused: "denied" });
  expect(arrive("error=server_error&state=s&code=c")).toMatchObject({
    refused: "failed",
    told: "server_error",
    next: "/explore",
  });
  expect(arrive("error=Call+0800+1234&state=s")).toMatchObject({ refused: "failed", told: null });
  expect(arrive("state=s")).toMatchObject({ refused: "failed", told: null });
});

it("shows of an error its name only", () => {
  expect(errorCode("invalid_grant")).toBe("invalid_grant");
  for (const other of ["", "Invalid grant", "<b>", "a".repeat(41), null, undefined, 7]) {
    expect(errorCode(other)).toBeNull();
  }
});

it("reads the address of a token, whatever letters it has, and nothing of what is none", () => {
  const token = (payload: unknown) =>
    `h.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.signature`;
  expect(emailIn(token({ email: "zoë@example.com" }))).toBe("zoë@example.com");
  for (const other of [token({ email: 7 }), token(null), "", "a.b.c", "no token"]) {
    expect(emailIn(other)).toBeNull();
  }
});
