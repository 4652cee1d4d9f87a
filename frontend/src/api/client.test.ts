import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { authorisedFetch, call, callTagged } from "./client";
import { ApiError, asApiError, isRetryable } from "./problem";
import { refreshSession, restoreSession, sessionState, signedIn, signedOut } from "./session";
import type { Session } from "./types";

const session = (accessToken: string): Session => ({
  accessToken,
  tokenType: "Bearer",
  expiresAt: "2026-11-20T00:15:00Z",
  user: { id: "usr_1", name: "Ada", email: "ada@example.com" },
  tenant: { id: "ten_1", name: "Example" },
  role: "owner",
});

const json = (body: unknown, status = 200, headers = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

const sent = vi.fn<(input: Request | string) => Promise<Response>>();

beforeEach(() => {
  vi.stubGlobal("fetch", sent);
  signedOut();
});
afterEach(() => {
  sent.mockReset();
  vi.unstubAllGlobals();
});

const get = () => authorisedFetch(new Request("http://x/v1/uploads"));
const isRefresh = (input: Request | string) => input === "/v1/auth/refresh";

describe("the access token", () => {
  it("is sent, renewed once on 401, and the request repeated", async () => {
    signedIn(session("old"));
    sent.mockImplementation(async (input) => {
      if (isRefresh(input)) return json(session("new"));
      return (input as Request).headers.get("authorization") === "Bearer new" ? json({}) : json({}, 401);
    });
    expect((await get()).status).toBe(200);
    expect(sent).toHaveBeenCalledTimes(3);
  });

  it("is renewed by one request for all calls in flight", async () => {
    signedIn(session("old"));
    sent.mockImplementation(async (input) => {
      if (isRefresh(input)) return json(session("new"));
      return (input as Request).headers.get("authorization") === "Bearer new" ? json({}) : json({}, 401);
    });
    const answers = await Promise.all([get(), get(), get()]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(sent.mock.calls.filter(([input]) => isRefresh(input))).toHaveLength(1);
  });

  it("is renewed for one's own account, but not where a 401 means a wrong password", async () => {
    signedIn(session("old"));
    sent.mockImplementation(async (input) => (isRefresh(input) ? json(session("new")) : json({}, 401)));
    for (const path of ["login", "verify", "password/reset", "logout"]) {
      await authorisedFetch(new Request(`http://x/v1/auth/${path}`, { method: "POST" }));
    }
    expect(sent.mock.calls.filter(([input]) => isRefresh(input))).toHaveLength(0);
    await authorisedFetch(new Request("http://x/v1/auth/sessions"));
    expect(sent.mock.calls.filter(([input]) => isRefresh(input))).toHaveLength(1);
  });

  it("does not loop: a second 401 is the answer, and a refused refresh signs out", async () => {
    signedIn(session("old"));
    sent.mockImplementation(async (input) => (isRefresh(input) ? json(session("new")) : json({}, 401)));
    expect((await get()).status).toBe(401);
    expect(sent).toHaveBeenCalledTimes(3);
    sent.mockImplementation(async () => json({}, 401));
    expect((await get()).status).toBe(401);
    expect(sessionState().status).toBe("out");
  });

  it("stays when the service is down: only a refusal signs out", async () => {
    signedIn(session("old"));
    sent.mockImplementation(async (input) => json({}, isRefresh(input) ? 503 : 401));
    await expect(refreshSession()).rejects.toThrow("503");
    expect((await get()).status).toBe(401);
    expect(sessionState().status).toBe("in");
  });

  it("is asked for once at the start", async () => {
    expect(await restoreSession()).toBe(false);
    expect(sent).not.toHaveBeenCalled();
  });
});

describe("problems", () => {
  const problem = {
    type: "https://outlay.dev/problems/needs-rows",
    title: "Needs the rows",
    status: 400,
    detail: "Hours are not kept in the roll-up.",
    requestId: "req-1",
  };
  const failed = (response: Response, error: unknown) => call(Promise.resolve({ response, error }));

  it("keep what the API said", async () => {
    const error = await failed(json(problem, 400), problem).catch((caught) => caught as ApiError);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ slug: "needs-rows", status: 400, message: problem.detail, problem });
    expect(isRetryable(error as ApiError)).toBe(false);
  });

  it("are made for the gateway's own answers, with its request id and wait", async () => {
    const response = json({ message: "Too Many Requests" }, 429, {
      "apigw-requestid": "edge-7",
      "retry-after": "12",
    });
    const error = await failed(response, { message: "Too Many Requests" }).catch((caught) => caught);
    expect(error).toMatchObject({ status: 429, retryAfter: 12, problem: { requestId: "edge-7" } });
    expect(isRetryable(error as ApiError)).toBe(true);
  });

  it("are made for silence and for our own mistakes", async () => {
    const silent = await call(Promise.reject(new TypeError("failed to fetch"))).catch((caught) => caught);
    expect(silent).toMatchObject({ status: 0, slug: "unreachable" });
    expect(asApiError(new Error("boom")).problem.detail).toBe("boom");
  });

  it("let good answers through, also empty ones", async () => {
    expect(await call(Promise.resolve({ data: 1, response: json(1) }))).toBe(1);
    expect(await call(Promise.resolve({ response: new Response(null, { status: 204 }) }))).toBeUndefined();
  });
});

describe("what is changed later", () => {
  it("comes with its tag", async () => {
    const response = json({ name: "Example" }, 200, { etag: '"7"' });
    const answer = Promise.resolve({ data: { name: "Example" }, response });
    expect(await callTagged(answer)).toEqual({ data: { name: "Example" }, etag: '"7"' });
  });

  it("fails like any other call", async () => {
    const problem = { type: "https://outlay.dev/problems/outdated", title: "Outdated", status: 412 };
    const answer = Promise.resolve({ error: problem, response: json(problem, 412) });
    await expect(callTagged(answer)).rejects.toMatchObject({ slug: "outdated", status: 412 });
  });
});
