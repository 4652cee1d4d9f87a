import { Link } from "react-router";
import { platformAuditQuery } from "~/api/audit";
import { queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import type { AuditEntry } from "~/api/types";
import { useSession } from "~/api/useSession";
import { paths } from "~/app/paths";
import { auditFilter } from "~/lib/audit";
import type { AuditSubjects } from "~/ui/audit/AuditFilters";
import { AuditLog } from "~/ui/audit/AuditLog";
import { Page } from "~/ui/Page";

export const loader = async ({ request }: { request: Request }) => {
  const filter = auditFilter(new URL(request.url).searchParams);
  if (await restoreSession()) void queryClient.prefetchInfiniteQuery(platformAuditQuery(filter));
  return null;
};

const SUBJECTS: AuditSubjects = {
  actions: [
    ["admin.set-terms", "Terms of companies"],
    ["admin.suspend-tenant", "Companies suspended"],
    ["admin.restore-tenant", "Companies restored"],
    ["admin.get-tenant", "Companies looked at"],
    ["admin.suspend-user", "People suspended"],
    ["admin.restore-user", "People restored"],
    ["admin.get-user", "People looked at"],
    ["admin.invite-owner", "Global owners invited"],
    ["admin.accept-owner", "Global owners made"],
    ["admin.put-config", "Settings"],
    ["admin.start-schedule", "Schedules started"],
    ["admin.read-logs", "Logs read"],
  ],
  actors: "usr_…",
  targets: "ten_… or usr_…",
};

export function Component() {
  const self = useSession().session?.user;
  const who = ({ actor }: AuditEntry) => {
    if (actor.kind !== "platform-user") return actor.id;
    return <AboutLink to={paths.userOf(actor.id)}>{actor.id === self?.id ? self.name : actor.id}</AboutLink>;
  };
  return (
    <Page
      title="Audit"
      intro="What global owners did and looked at, when, and from where. Nobody can rewrite it, and reading it is told in it."
    >
      <AuditLog
        query={platformAuditQuery}
        subjects={SUBJECTS}
        who={who}
        target={targetOf}
        empty="Everything that is done on the platform will be told here."
      />
    </Page>
  );
}

function targetOf({ target }: AuditEntry) {
  if (target.kind === "tenant") return <AboutLink to={paths.companyOf(target.id)}>{target.id}</AboutLink>;
  if (target.kind === "user") return <AboutLink to={paths.userOf(target.id)}>{target.id}</AboutLink>;
  return target.id;
}

function AboutLink({ to, children }: { to: string; children: string }) {
  return (
    <Link to={to} className="hover:text-accent hover:underline">
      {children}
    </Link>
  );
}
