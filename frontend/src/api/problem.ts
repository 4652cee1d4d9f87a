import type { Problem } from "./types";

/** What every failed call throws: the API's problem, or one made for answers that are not ours. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
  }

  get status(): number {
    return this.problem.status;
  }

  /** "invalid-credentials" of "https://outlay.dev/problems/invalid-credentials". */
  get slug(): string {
    return this.problem.type.split("/").pop() ?? "";
  }

  /** Seconds to wait, from Retry-After, where the answer said so. */
  retryAfter: number | null = null;
}

export async function errorFrom(response: Response, body: unknown): Promise<ApiError> {
  const error = new ApiError(isProblem(body) ? body : edgeProblem(response));
  const wait = Number(response.headers.get("retry-after"));
  if (Number.isFinite(wait) && wait > 0) error.retryAfter = wait;
  return error;
}

/** The request never reached an answer: offline, refused, aborted by the network. */
export function networkError(): ApiError {
  return clientError(
    "unreachable",
    "Outlay cannot be reached",
    "Check your connection and try again. Nothing was changed.",
  );
}

/** What no answer of the API says. */
export function clientError(slug: string, title: string, detail: string): ApiError {
  const type = `https://outlay.dev/problems/${slug}`;
  return new ApiError({ type, title, status: 0, detail, requestId: "" });
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return clientError("client", "Something broke on this page", detail);
}

/** Whether doing the same again may help, so that a Retry button makes sense. */
export function isRetryable(error: ApiError): boolean {
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** Somebody else changed it since it was read: the change was decided on what is no longer so. */
export function isOutdated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== "object" || body === null) return false;
  const { type, title, status } = body as Partial<Problem>;
  return typeof type === "string" && typeof title === "string" && typeof status === "number";
}

/** The gateway's own few shapes (too large, too many, not available), which are not problems of ours. */
function edgeProblem(response: Response): Problem {
  const [title, detail] = EDGE[response.status] ?? [
    `The server answered ${response.status}`,
    "The answer was not one of Outlay's. Try again in a moment.",
  ];
  const requestId = response.headers.get("apigw-requestid") ?? response.headers.get("x-request-id") ?? "";
  return { type: "about:blank", title, status: response.status, detail, requestId };
}

const EDGE: Record<number, [string, string]> = {
  401: ["You are signed out", "Sign in again to go on."],
  403: ["Not allowed", "Your role does not allow this."],
  404: ["Not found", "It does not exist, or it is not yours."],
  413: ["Too large", "The request is larger than the service accepts."],
  429: ["Too many requests", "Wait a moment, then try again."],
  502: ["The service is restarting", "Try again in a moment."],
  503: ["The service is busy", "Try again in a moment."],
  504: ["The answer took too long", "Try again, or ask for a shorter time range."],
};
