import { afterEach, expect, it, vi } from "vitest";
import { identityToken } from "./outside";

const provider = {
  issuer: "https://issuer.example",
  clientId: "outlay",
  authorizationEndpoint: "https://login.example/authorize",
  tokenEndpoint: "https://login.example/token",
};
const redemption = { code: "c", verifier: "v", callback: "https://costs.example/sign-in/callback" };
const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();

vi.stubGlobal("fetch", sent);
afterEach(() => sent.mockReset());

const answered = (body: unknown, status = 200) => sent.mockResolvedValue(Response.json(body, { status }));

it("redeems a code with its verifier, and sends no cookie along", async () => {
  answered({ id_token: "a.b.c", refresh_token: "kept by nobody" });
  expect(await identityToken(provider, redemption)).toBe("a.b.c");
  const [url, init] = sent.mock.calls[0] ?? [];
  expect(url).toBe("https://login.example/token");
  expect(init?.credentials).toBe("omit");
  expect(String(init?.body)).toBe(
    "grant_type=authorization_code&client_id=outlay&redirect_uri=https%3A%2F%2Fcosts.example%2Fsign-in%2Fcallback&code=c&code_verifier=v",
  );
});

it("tells a refusal by its name, and an answer without a token as one", async () => {
  answered({ error: "invalid_grant" }, 400);
  const refused = await identityToken(provider, redemption).catch((error) => error);
  expect(refused).toMatchObject({ slug: "issuer-refused" });
  expect(refused.message).toContain("invalid_grant");
  answered({ access_token: "x" });
  await expect(identityToken(provider, redemption)).rejects.toMatchObject({ slug: "issuer-refused" });
  sent.mockResolvedValue(new Response("<html>", { status: 200 }));
  await expect(identityToken(provider, redemption)).rejects.toMatchObject({ slug: "issuer-refused" });
});

it("tells silence apart", async () => {
  sent.mockRejectedValue(new TypeError("failed to fetch"));
  await expect(identityToken(provider, redemption)).rejects.toMatchObject({ slug: "issuer-silent" });
});
