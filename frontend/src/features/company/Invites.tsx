import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call } from "~/api/client";
import { invitesQuery } from "~/api/company";
import { dayLabel } from "~/lib/dates";
import { ROLE_LABELS } from "~/lib/labels";
import { Button } from "~/ui/Button";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";

/** Invitations that nobody accepted yet. */
export function Invites() {
  const client = useQueryClient();
  const invites = useQuery(invitesQuery());
  const revoke = useMutation({
    mutationFn: (inviteId: string) =>
      call(api.DELETE("/v1/members/invites/{inviteId}", { params: { path: { inviteId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: invitesQuery().queryKey }),
  });
  return (
    <section className="mt-8">
      <h2 className="mb-3 text-[15px] font-semibold">Open invitations</h2>
      {invites.error && <ErrorState error={invites.error} retry={() => invites.refetch()} />}
      {revoke.error && (
        <div className="mb-3">
          <ErrorState error={revoke.error} />
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
            { label: "Revoke", hidden: true },
          ]}
        >
          {invites.data.map((invite) => (
            <Row key={invite.id}>
              <RowHead>{invite.email}</RowHead>
              <Cell label="Role">{ROLE_LABELS[invite.role]}</Cell>
              <Cell label="Invited">{dayLabel(invite.createdAt.slice(0, 10), true)}</Cell>
              <Cell label="Good until">{dayLabel(invite.expiresAt.slice(0, 10), true)}</Cell>
              <Cell end>
                <Button
                  size="sm"
                  aria-label={`Revoke the invitation of ${invite.email}`}
                  busy={revoke.isPending && revoke.variables === invite.id}
                  onClick={() => revoke.mutate(invite.id)}
                >
                  Revoke
                </Button>
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </section>
  );
}
