import createClient from "openapi-fetch";
import { errorFrom, networkError } from "./problem";
import type { paths } from "./schema";
import { refreshSession, sessionState } from "./session";

/** The typed client of /v1, on the page's own origin. */
export const api = createClient<paths>({ baseUrl: "/", fetch: authorisedFetch });

/** Where a 401 is about the password or the cookie, not about the access token. */
const SIGNING_IN = /^\/v1\/auth\/(login|logout|refresh|register|verify|oidc|password\/(forgot|reset))/;

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** The body of a good answer; everything else is thrown as an ApiError. */
export async function call<T>(answer: Answer<T>): Promise<T> {
  const { data, error, response } = await answer.catch(() => {
    throw networkError();
  });
  if (!response.ok) throw await errorFrom(response, error);
  return data as T;
}

/** Like `call`, for what is changed later: the body with the ETag that the change must name. */
export async function callTagged<T>(answer: Answer<T>): Promise<{ data: T; etag: string }> {
  const settled = await answer.catch(() => {
    throw networkError();
  });
  const data = await call(Promise.resolve(settled));
  return { data, etag: settled.response.headers.get("etag") ?? "" };
}

/** Adds the access token. A 401 renews it once, unseen, and sends the request once more. */
export async function authorisedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(withToken(request));
  const isSigningIn = SIGNING_IN.test(new URL(request.url).pathname);
  if (response.status !== 401 || isSigningIn || sessionState().status !== "in") return response;
  const renewed = await refreshSession().catch(() => false);
  return renewed ? fetch(withToken(again)) : response;
}

function withToken(request: Request): Request {
  const token = sessionState().session?.accessToken;
  if (token) request.headers.set("authorization", `Bearer ${token}`);
  return request;
}
