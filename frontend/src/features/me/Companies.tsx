import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "~/api/client";
import type { Account } from "~/api/types";
import { paths } from "~/app/paths";
import { ROLE_LABELS } from "~/lib/labels";
import { Button } from "~/ui/Button";
import { FormDialog } from "~/ui/FormDialog";
import { Badge } from "~/ui/Notice";
import { Panel } from "~/ui/Page";

/** The companies that a person is in. Leaving is for the one that is open. */
export function Companies({ account }: { account: Account }) {
  const [leaving, setLeaving] = useState(false);
  return (
    <Panel title={account.tenants.length > 1 ? "Your companies" : "Your company"}>
      <ul>
        {account.tenants.map((company) => (
          <li
            key={company.id}
            className="flex flex-wrap items-center justify-between gap-2 border-b border-line py-2.5 first:pt-0 last:border-0 last:pb-0"
          >
            <div className="min-w-0">
              <p className="font-medium break-words">
                {company.name}{" "}
                {company.standing !== "active" && (
                  <Badge tone="warn">
                    {company.standing === "suspended" ? "Suspended" : "Being deleted"}
                  </Badge>
                )}
              </p>
              <p className="text-[13px] text-ink-3">
                {ROLE_LABELS[company.role]}
                {company.id === account.tenant?.id && ", open now"}
              </p>
            </div>
            {company.id === account.tenant?.id && (
              <Button size="sm" onClick={() => setLeaving(true)}>
                Leave
              </Button>
            )}
          </li>
        ))}
      </ul>
      <LeaveDialog account={account} open={leaving} onClose={() => setLeaving(false)} />
    </Panel>
  );
}

function LeaveDialog({ account, open, onClose }: { account: Account; open: boolean; onClose: () => void }) {
  const leave = useMutation({
    mutationFn: () =>
      call(api.DELETE("/v1/members/{userId}", { params: { path: { userId: account.user.id } } })),
    // Loaded anew: the sign-in of this company has ended, and nothing of it stays in memory.
    onSuccess: () => window.location.assign(paths.signIn),
  });
  return (
    <FormDialog
      open={open}
      onClose={onClose}
      title={`Leave ${account.tenant?.name}?`}
      action={["Leave", "Leaving…"]}
      cancel="Stay"
      danger
      busy={leave.isPending}
      error={leave.error}
      onSubmit={() => leave.mutate()}
    >
      <p>
        You see nothing of this company any more, and your API tokens there stop working. Your account stays.
        Coming back needs a new invitation.
      </p>
    </FormDialog>
  );
}
