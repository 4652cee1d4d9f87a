import type { Account } from "~/api/types";
import { ROLE_LABELS, ROLE_NOTES } from "~/lib/labels";
import { Panel } from "~/ui/Page";

export function Profile({ account }: { account: Account }) {
  return (
    <Panel title="Profile">
      <dl className="grid gap-x-6 gap-y-3 grid-cols-[88px_minmax(0,1fr)]">
        <dt className="text-ink-3">Name</dt>
        <dd className="font-medium break-words">{account.user.name}</dd>
        <dt className="text-ink-3">Email</dt>
        <dd className="break-words">{account.user.email}</dd>
        <dt className="text-ink-3">{account.tenant ? "Role here" : "Role"}</dt>
        <dd>
          {ROLE_LABELS[account.role] ?? account.role}
          <span className="block text-[13px] text-ink-3">
            {ROLE_NOTES[account.role] ?? "Runs the platform and belongs to no company"}
          </span>
        </dd>
      </dl>
    </Panel>
  );
}
