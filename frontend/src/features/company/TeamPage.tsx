import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { accountQuery, useAccount } from "~/api/account";
import { type TeamPerson, teamQuery } from "~/api/company";
import { queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import type { Account } from "~/api/types";
import { may } from "~/lib/access";
import { dayLabel } from "~/lib/dates";
import { ROLE_LABELS } from "~/lib/labels";
import { Button } from "~/ui/Button";
import { Badge } from "~/ui/Notice";
import { Page } from "~/ui/Page";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, type Column, Row, RowHead, Table } from "~/ui/Table";
import { When } from "~/ui/When";
import { InviteDialog } from "./InviteDialog";
import { Invites } from "./Invites";
import { type Asked, PersonDialog } from "./PersonDialog";
import { canGovern } from "./team";

export const loader = async () => {
  if (await restoreSession()) void queryClient.prefetchQuery(accountQuery());
  return null;
};

export function Component() {
  const account = useAccount();
  const [inviting, setInviting] = useState(false);
  const mayInvite = may(account.data, "members:write");
  return (
    <Page
      title="Team"
      intro="Who works with this company's bills, and as what."
      aside={
        mayInvite && (
          <Button variant="primary" onClick={() => setInviting(true)}>
            Invite somebody
          </Button>
        )
      }
    >
      {account.error && <ErrorState error={account.error} retry={() => account.refetch()} />}
      {account.isPending && <Bones />}
      {account.data && <People account={account.data} />}
      {mayInvite && <Invites role={account.data?.role} />}
      <InviteDialog open={inviting} onClose={() => setInviting(false)} role={account.data?.role} />
    </Page>
  );
}

function People({ account }: { account: Account }) {
  const seesSignIns = may(account, "users:read");
  const team = useInfiniteQuery(teamQuery(seesSignIns));
  const [asked, setAsked] = useState<Asked | null>(null);
  const people: TeamPerson[] | undefined = team.data?.pages.flatMap((page) => page.items);
  if (team.error) return <ErrorState error={team.error} retry={() => team.refetch()} />;
  if (!people) return <Bones />;
  return (
    <>
      <Table label="Team" columns={columns(seesSignIns)}>
        {people.map((person) => (
          <PersonRow
            key={person.userId}
            person={person}
            account={account}
            seesSignIns={seesSignIns}
            onAsk={setAsked}
          />
        ))}
      </Table>
      {team.hasNextPage && (
        <Button className="mt-3" busy={team.isFetchingNextPage} onClick={() => team.fetchNextPage()}>
          Show more people
        </Button>
      )}
      <PersonDialog asked={asked} role={account.role} onClose={() => setAsked(null)} />
    </>
  );
}

function columns(seesSignIns: boolean): Column[] {
  return [
    { label: "Person" },
    { label: "Role" },
    { label: "Joined" },
    ...(seesSignIns ? [{ label: "Signed in last" }] : []),
    { label: "Change", hidden: true },
  ];
}

function PersonRow({
  person,
  account,
  seesSignIns,
  onAsk,
}: {
  person: TeamPerson;
  account: Account;
  seesSignIns: boolean;
  onAsk: (asked: Asked) => void;
}) {
  const self = person.userId === account.user.id;
  const name = person.name || person.email;
  const governs = canGovern(account, person);
  const looksAfter = may(account, "users:write");
  const suspended = person.standing !== "active";
  return (
    <Row>
      <RowHead note={person.email}>
        {name} {self && <Badge tone="info">You</Badge>} {suspended && <Badge tone="warn">Suspended</Badge>}
      </RowHead>
      <Cell label="Role">{ROLE_LABELS[person.role]}</Cell>
      <Cell label="Joined">{dayLabel(person.joinedAt.slice(0, 10), true)}</Cell>
      {seesSignIns && (
        <Cell label="Signed in last">
          <When time={person.lastSignInAt} />
        </Cell>
      )}
      <Cell end>
        {governs && (
          <span className="inline-flex flex-wrap gap-1.5 md:justify-end">
            <Button
              size="sm"
              aria-label={`Change role of ${name}`}
              onClick={() => onAsk({ what: "role", person })}
            >
              Change role
            </Button>
            {!self && looksAfter && (
              <Button
                size="sm"
                variant="quiet"
                aria-label={`Rename ${name}`}
                onClick={() => onAsk({ what: "rename", person })}
              >
                Rename
              </Button>
            )}
            {!self && looksAfter && (
              <Button
                size="sm"
                variant="quiet"
                aria-label={`${suspended ? "Restore" : "Suspend"} ${name}`}
                onClick={() => onAsk({ what: suspended ? "restore" : "suspend", person })}
              >
                {suspended ? "Restore" : "Suspend"}
              </Button>
            )}
            {!self && (
              <Button
                size="sm"
                variant="quiet"
                aria-label={`Remove ${name}`}
                onClick={() => onAsk({ what: "remove", person })}
              >
                Remove
              </Button>
            )}
            {!self && looksAfter && (
              <Button
                size="sm"
                variant="quiet"
                aria-label={`Delete account of ${name}`}
                onClick={() => onAsk({ what: "delete", person })}
              >
                Delete account
              </Button>
            )}
          </span>
        )}
      </Cell>
    </Row>
  );
}

function Bones() {
  return (
    <Loading label="Loading the team">
      <Skeleton className="h-56" />
    </Loading>
  );
}
