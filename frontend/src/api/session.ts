import type { Session } from "./types";

/**
 * Who is signed in. The access token lives in this module's memory only; what survives a reload is the
 * HttpOnly refresh cookie, which no script can read.
 */
export type SessionState = { status: "unknown" | "in" | "out"; session: Session | null };

let state: SessionState = { status: "unknown", session: null };
let refreshing: Promise<boolean> | null = null;
let restored: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

export function sessionState(): SessionState {
  return state;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function signedIn(session: Session): void {
  restored = Promise.resolve(true);
  set({ status: "in", session });
}

export function signedOut(): void {
  restored = Promise.resolve(false);
  set({ status: "out", session: null });
}

/** Asks once, at the start, whether the cookie still opens a session. */
export function restoreSession(): Promise<boolean> {
  restored ??= refreshSession().catch(() => {
    set({ status: "out", session: null });
    return false;
  });
  return restored;
}

/** Renews the access token; calls made meanwhile share the one request. Throws if nobody answered. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= renew().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function renew(): Promise<boolean> {
  const response = await fetch("/v1/auth/refresh", { method: "POST", credentials: "same-origin" });
  if (response.ok) {
    signedIn((await response.json()) as Session);
    return true;
  }
  if (response.status >= 500 || response.status === 429)
    throw new Error(`refresh answered ${response.status}`);
  signedOut();
  return false;
}

function set(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}
