/** Every address of the app. Nothing else writes one. */
export const paths = {
  home: "/",
  howItWorks: "/how-it-works",
  contact: "/contact",
  signUp: "/sign-up",
  verify: "/verify",
  signIn: "/sign-in",
  overview: "/overview",
  explore: "/explore",
  data: "/data",
  upload: (uploadId: string) => `/data/${encodeURIComponent(uploadId)}`,
  exploreWith: (search: URLSearchParams) => `/explore?${search}`,
  signInThen: (next: string) => `/sign-in?next=${encodeURIComponent(next)}`,
  verifyFor: (email: string) => `/verify?email=${encodeURIComponent(email)}`,
} as const;

/** Where `?next=` may lead: our own pages only, never another site. */
export function safeNext(next: string | null): string {
  return next && /^\/(?!\/|\\)/.test(next) ? next : paths.overview;
}
