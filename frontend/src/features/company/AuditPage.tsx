import { auditQuery } from "~/api/audit";
import { queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import { auditFilter } from "~/lib/audit";
import type { AuditSubjects } from "~/ui/audit/AuditFilters";
import { AuditLog } from "~/ui/audit/AuditLog";
import { Page } from "~/ui/Page";
import { useNames } from "./useNames";

export const loader = async ({ request }: { request: Request }) => {
  const filter = auditFilter(new URL(request.url).searchParams);
  if (await restoreSession()) void queryClient.prefetchInfiniteQuery(auditQuery(filter));
  return null;
};

/** Areas of what can be done; an action that is asked for exactly stands beside them. */
const SUBJECTS: AuditSubjects = {
  actions: [
    ["auth", "Signing in and passwords"],
    ["uploads", "Uploads"],
    ["ingest", "Bills that were read"],
    ["members", "Members"],
    ["invites", "Invitations"],
    ["users", "Accounts"],
    ["tokens", "API tokens"],
    ["tenants", "Company"],
    ["admin", "Whoever runs Outlay"],
  ],
  actors: "usr_… or tok_…",
  targets: "upl_…",
};

export function Component() {
  return (
    <Page title="Audit" intro="Who changed what, when, and from where. Nobody can rewrite it.">
      <AuditLog
        query={auditQuery}
        subjects={SUBJECTS}
        who={useNames()}
        empty="Every change in this company will be told here."
      />
    </Page>
  );
}
