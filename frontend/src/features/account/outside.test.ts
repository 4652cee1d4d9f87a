import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "~/api/client";
import { providerQuery } from "~/api/outside";
import { queryClient } from "~/api/query-client";
import { sessionState, signedOut } from "~/api/session";
import { comeBack, goOutside, inWords, isStillGood, takeAttempt } from "./outside";

const provider = {
  issuer: "https://issuer.example",
  clientId: "outlay",
  authorizationEndpoint: "https://login.example/authorize",
  tokenEndpoint: "https://login.example/token",
};
const attempt = {
  issuer: provider.issuer,
  state: "s",
  nonce: "the nonce",
  verifier: "v",
  next: "/explore",
};
const idToken = `h.${btoa(JSON.stringify({ email: "olga@example.com" }))}.s`;

const exchange = vi.spyOn(api, "POST");
const token = vi.fn<() => Promise<Response>>();

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal("window", { location: { origin: "https://costs.example", assign: vi.fn() } });
  vi.stubGlobal("fetch", token);
  token.mockImplementation(async () => Response.json({ id_token: idToken }));
  signedOut();
  queryClient.setQueryData(providerQuery().queryKey, provider);
});
afterEach(() => vi.unstubAllGlobals());

const answer = (status: number, body: object) => {
  const response = Response.json(body, { status });
  exchange.mockResolvedValue((status < 400 ? { data: body, response } : { error: body, response }) as never);
};
const refuse = (status: number, slug: string) =>
  answer(status, { type: `https://outlay.dev/problems/${slug}`, title: slug, status });
const back = () => comeBack({ code: "c", attempt });

it("keeps an attempt for one way back", async () => {
  await goOutside(provider, "/explore");
  const asked = new URL(vi.mocked(window.location.assign).mock.calls[0]?.[0] as string);
  const kept = takeAttempt();
  expect(kept?.state).toBe(asked.searchParams.get("state"));
  expect(asked.href).not.toContain(kept?.nonce);
  expect(asked.href).not.toContain(kept?.verifier);
  expect(takeAttempt()).toBeNull();
});

it("signs in who is known, with the nonce itself", async () => {
  answer(200, { accessToken: "t" });
  expect(await back()).toBeNull();
  expect(exchange).toHaveBeenLastCalledWith("/v1/auth/oidc/exchange", {
    body: { idToken, nonce: "the nonce" },
  });
  expect(sessionState()).toMatchObject({ status: "in", session: { accessToken: "t" } });
});

it("asks for what is missing", async () => {
  const claim = { idToken, nonce: "the nonce", email: "olga@example.com", next: "/explore" };
  refuse(409, "address-has-account");
  expect(await back()).toEqual({ step: "link", claim });
  refuse(409, "no-account");
  expect(await back()).toEqual({ step: "found", claim });
  expect(sessionState().status).toBe("out");
});

it("tells what failed, and where one wanted to go", async () => {
  refuse(403, "address-not-proved");
  expect(await back()).toMatchObject({ failure: { slug: "address-not-proved" }, next: "/explore" });
  token.mockResolvedValue(Response.json({ error: "invalid_grant" }, { status: 400 }));
  expect(await back()).toMatchObject({ failure: { slug: "issuer-refused" } });
  queryClient.setQueryData(providerQuery().queryKey, null);
  expect(await back()).toMatchObject({ failure: { slug: "sign-in-not-offered" } });
});

it("leads to no other site, whatever was kept", async () => {
  const refused = { refused: "denied", told: null } as const;
  expect(await comeBack({ ...refused, next: "//evil.example" })).toMatchObject({ next: "/start" });
});

it("knows after which errors the same claim is worth another try", async () => {
  const failing = async (status: number, slug: string) => {
    refuse(status, slug);
    const outcome = await back();
    return outcome && "failure" in outcome ? isStillGood(outcome.failure) : null;
  };
  expect(await failing(401, "wrong-credentials")).toBe(true);
  expect(await failing(429, "too-many-requests")).toBe(true);
  expect(await failing(503, "unavailable")).toBe(true);
  expect(await failing(401, "wrong-identity")).toBe(false);
  expect(await failing(403, "address-not-proved")).toBe(false);
  expect(isStillGood(new Error("ours"))).toBe(false);
});

it("says of a token that is not good what people can do", async () => {
  refuse(401, "wrong-identity");
  const outcome = await back();
  const told = inWords(outcome && "failure" in outcome && outcome.failure);
  expect(told).toMatchObject({
    slug: "wrong-identity",
    problem: { title: "That sign-in is no longer good" },
  });
  expect(inWords("another")).toBe("another");
});
