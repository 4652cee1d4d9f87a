import type { Account } from "~/api/types";
import { isGlobalOwner, may } from "~/lib/access";
import type { IconName } from "~/ui/Icon";
import { paths } from "./paths";

export type NavPage = { to: string; label: string; icon: IconName };
export type NavGroup = { title: string | null; pages: NavPage[] };

type Guarded = NavPage & { needs: string };

const WORK: Guarded[] = [
  { to: paths.overview, label: "Overview", icon: "overview", needs: "costs:read" },
  { to: paths.explore, label: "Explorer", icon: "explore", needs: "costs:read" },
  { to: paths.data, label: "Data", icon: "data", needs: "uploads:read" },
];

const COMPANY: Guarded[] = [
  { to: paths.team, label: "Team", icon: "team", needs: "members:read" },
  { to: paths.tokens, label: "API tokens", icon: "key", needs: "tokens:read" },
  { to: paths.audit, label: "Audit", icon: "audit", needs: "audit:read" },
  { to: paths.company, label: "Company", icon: "settings", needs: "tenant:read" },
];

const PLATFORM: NavPage[] = [
  { to: paths.companies, label: "Companies", icon: "team" },
  { to: paths.users, label: "Users", icon: "user" },
  { to: paths.health, label: "Health", icon: "health" },
];

const OPERATIONS: NavPage[] = [
  { to: paths.schedules, label: "Schedules", icon: "calendar" },
  { to: paths.logs, label: "Logs", icon: "data" },
  { to: paths.platformAudit, label: "Audit", icon: "audit" },
  { to: paths.platform, label: "Settings", icon: "settings" },
];

/** The pages that this person can open here, and no others. */
export function navigationOf(account: Account): NavGroup[] {
  if (isGlobalOwner(account)) {
    return [
      { title: null, pages: PLATFORM },
      { title: "Operations", pages: OPERATIONS },
    ];
  }
  const open = (pages: Guarded[]) => pages.filter((page) => may(account, page.needs));
  const groups = [
    { title: null, pages: open(WORK) },
    { title: "Company", pages: open(COMPANY) },
  ];
  return groups.filter((group) => group.pages.length > 0);
}

/** The first page: the one that the API names, as far as this person can open it. */
export function landingOf(account: Account): string {
  const pages = navigationOf(account).flatMap((group) => group.pages.map((page) => page.to));
  const open: string[] = isGlobalOwner(account) ? [...pages, paths.admin] : pages;
  return open.find((page) => page === account.landingRoute) ?? open[0] ?? paths.account;
}
