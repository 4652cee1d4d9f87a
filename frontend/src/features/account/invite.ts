const KEY = "outlay.invite";

/** Keeps an invitation while its reader signs in. In this tab only, and not in an address. */
export function rememberInvite(token: string): void {
  sessionStorage.setItem(KEY, token);
}

export function rememberedInvite(): string {
  return sessionStorage.getItem(KEY) ?? "";
}

export function forgetInvite(): void {
  sessionStorage.removeItem(KEY);
}
