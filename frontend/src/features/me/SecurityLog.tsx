import { ownAuditQuery } from "~/api/audit";
import type { AuditEntry } from "~/api/types";
import type { AuditSubjects } from "~/ui/audit/AuditFilters";
import { AuditLog } from "~/ui/audit/AuditLog";

const SUBJECTS: AuditSubjects = {
  actions: [
    ["auth.rename", "Names changed"],
    ["auth.change-password", "Passwords changed"],
    ["auth.reset-password", "Passwords set anew by mail"],
    ["auth.end-session", "Sign-ins ended"],
    ["auth.link-identity", "Sign-ins from outside linked"],
    ["auth.unlink-identity", "Sign-ins from outside unlinked"],
  ],
};

const ACTORS: Record<AuditEntry["actor"]["kind"], string> = {
  user: "Somebody else",
  token: "An API token",
  "platform-user": "Whoever runs Outlay",
  worker: "Outlay itself",
};

/** What was done to one's own account: whoever finds a sign-in there that was not theirs, ends it above. */
export function SecurityLog({ userId }: { userId: string }) {
  return (
    <section className="mt-8">
      <h2 className="text-[15px] font-semibold">What happened with your account</h2>
      <p className="mt-1 mb-4 text-ink-3">
        Who signed in stands above, and in the audit of each company. Was one of them not you? Sign out
        everywhere else, and change your password.
      </p>
      <AuditLog
        query={ownAuditQuery}
        subjects={SUBJECTS}
        who={({ actor }) => (actor.id === userId ? "You" : ACTORS[actor.kind])}
        empty="A new name or password, ended sign-ins and the like will be told here."
      />
    </section>
  );
}
