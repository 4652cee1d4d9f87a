import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call } from "~/api/client";
import { invitesQuery } from "~/api/company";
import type { Invite } from "~/api/types";
import { rolesUpTo } from "~/lib/access";
import { dayLabel, timeLabel, untilLabel } from "~/lib/dates";
import { ROLE_LABELS } from "~/lib/labels";
import { Button } from "~/ui/Button";
import { Notice } from "~/ui/Notice";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";

/** Invitations that nobody accepted yet. Sending one again is inviting again: the link before ends. */
export function Invites({ role }: { role: string | undefined }) {
  const client = useQueryClient();
  const invites = useQuery(invitesQuery());
  const reload = () => client.invalidateQueries({ queryKey: invitesQuery().queryKey });
  const revoke = useMutation({
    mutationFn: (inviteId: string) =>
      call(api.DELETE("/v1/members/invites/{inviteId}", { params: { path: { inviteId } } })),
    onSettled: reload,
  });
  const again = useMutation({
    mutationFn: ({ email, role }: Invite) => call(api.POST("/v1/members/invites", { body: { email, role } })),
    onSettled: reload,
  });
  const failure = revoke.error ?? again.error;
  return (
    <section className="mt-8">
      <h2 className="mb-3 text-[15px] font-semibold">Open invitations</h2>
      {invites.error && <ErrorState error={invites.error} retry={() => invites.refetch()} />}
      {failure && (
        <div className="mb-3">
          <ErrorState error={failure} />
        </div>
      )}
      {again.data && (
        <div className="mb-3">
          <Notice tone="good" role="status" title={`Sent again to ${again.data.email}`}>
            Only the link in the new mail works now.
          </Notice>
        </div>
      )}
      {invites.isPending && !invites.error && (
        <Loading label="Loading the invitations">
          <Skeleton className="h-20" />
        </Loading>
      )}
      {invites.data?.length === 0 && (
        <p className="text-ink-3">Everybody who was invited has come, or nobody was.</p>
      )}
      {invites.data && invites.data.length > 0 && (
        <Table
          label="Open invitations"
          columns={[
            { label: "Email" },
            { label: "Role" },
            { label: "Invited" },
            { label: "Good until" },
            { label: "Change", hidden: true },
          ]}
        >
          {invites.data.map((invite) => (
            <Row key={invite.email}>
              <RowHead>{invite.email}</RowHead>
              <Cell label="Role">{ROLE_LABELS[invite.role]}</Cell>
              <Cell label="Invited">{dayLabel(invite.createdAt.slice(0, 10), true)}</Cell>
              <Cell label="Good until">
                <span>
                  <time dateTime={invite.expiresAt} title={timeLabel(invite.expiresAt)}>
                    {dayLabel(invite.expiresAt.slice(0, 10), true)}
                  </time>
                  <span className="block text-[13px] text-ink-3">{untilLabel(invite.expiresAt)}</span>
                </span>
              </Cell>
              <Cell end>
                <span className="inline-flex flex-wrap gap-1.5 md:justify-end">
                  {rolesUpTo(role).includes(invite.role) && (
                    <Button
                      size="sm"
                      aria-label={`Send again to ${invite.email}`}
                      busy={again.isPending && again.variables.id === invite.id}
                      onClick={() => again.mutate(invite)}
                    >
                      {again.isPending && again.variables.id === invite.id ? "Sending…" : "Send again"}
                    </Button>
                  )}
                  <Button
                    size="sm"
                    variant="quiet"
                    aria-label={`Revoke the invitation of ${invite.email}`}
                    busy={revoke.isPending && revoke.variables === invite.id}
                    onClick={() => revoke.mutate(invite.id)}
                  >
                    Revoke
                  </Button>
                </span>
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </section>
  );
}
