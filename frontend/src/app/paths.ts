/** Every address of the app. Nothing else writes one. */
export const paths = {
  home: "/",
  howItWorks: "/how-it-works",
  contact: "/contact",
  signUp: "/sign-up",
  verify: "/verify",
  signIn: "/sign-in",
  /** The issuer outside sends people back to here. */
  signInCallback: "/sign-in/callback",
  forgotPassword: "/forgot-password",
  /** Our mail leads here; what it carries stands behind the `#`, which no server sees. */
  resetPassword: "/reset-password",
  /** An invitation leads here, its secret behind the `#`. */
  join: "/join",
  /** The one-time link of `cargo xtask bootstrap-owner` leads here. */
  becomeOwner: "/global-owner",
  /** To the first page of whoever is signed in. */
  start: "/start",
  overview: "/overview",
  explore: "/explore",
  data: "/data",
  account: "/account",
  team: "/team",
  tokens: "/tokens",
  audit: "/audit",
  company: "/company",
  /** The first page of a global owner, as the API calls it. */
  admin: "/admin",
  companies: "/platform/companies",
  users: "/platform/users",
  health: "/platform/health",
  schedules: "/platform/schedules",
  logs: "/platform/logs",
  platformAudit: "/platform/audit",
  platform: "/platform/settings",
  upload: (uploadId: string) => `/data/${encodeURIComponent(uploadId)}`,
  exploreWith: (search: URLSearchParams) => `/explore?${search}`,
  signInThen: (next: string) => `/sign-in?next=${encodeURIComponent(next)}`,
  verifyFor: (email: string) => `/verify?email=${encodeURIComponent(email)}`,
  // A dot would make it a file's address.
  receipt: (receipt: string) => `/receipt/${receipt.split(".").map(encodeURIComponent).join("/")}`,
  auditOf: (target: string) => `/audit?target=${encodeURIComponent(target)}`,
  userOf: (userId: string) => `/platform/users/${encodeURIComponent(userId)}`,
  companyOf: (tenantId: string) => `/platform/companies/${encodeURIComponent(tenantId)}`,
  logsOf: (search: URLSearchParams) => `/platform/logs?${search}`,
} as const;

/** Where `?next=` may lead: our own pages only, never another site. */
export function safeNext(next: string | null): string {
  return next && /^\/(?!\/|\\)/.test(next) ? next : paths.start;
}
