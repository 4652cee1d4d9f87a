import { useQuery } from "@tanstack/react-query";
import { Link, type LoaderFunctionArgs, useParams } from "react-router";
import { api, call } from "~/api/client";
import { personQuery } from "~/api/platform";
import { ApiError } from "~/api/problem";
import { prefetch } from "~/api/query-client";
import type { AccountDetail } from "~/api/types";
import { useSession } from "~/api/useSession";
import { paths } from "~/app/paths";
import { dayLabel } from "~/lib/dates";
import { ROLE_LABELS } from "~/lib/labels";
import { Icon } from "~/ui/Icon";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { StandingBadge, StandingButton } from "./Standing";

export const loader = ({ params }: LoaderFunctionArgs) => prefetch(personQuery(params.userId ?? ""));

export function Component() {
  const { userId = "" } = useParams();
  const person = useQuery({
    ...personQuery(userId),
    throwOnError: (error) => error instanceof ApiError && [403, 404].includes(error.status),
  });
  if (person.data) return <Filled person={person.data} />;
  return (
    <Page title="User">
      {person.error ? (
        <ErrorState error={person.error} retry={() => person.refetch()} />
      ) : (
        <Loading label="Loading the person">
          <Skeleton className="h-64" />
        </Loading>
      )}
    </Page>
  );
}

function Filled({ person }: { person: AccountDetail }) {
  const self = useSession().session?.user.id === person.id;
  const path = { userId: person.id };
  return (
    <Page
      title={person.name}
      above={
        <Link to={paths.users} className="mb-3 inline-flex items-center gap-1.5 text-ink-3 hover:text-ink">
          <Icon name="back" /> Users
        </Link>
      }
      intro={<span className="font-mono text-xs">{person.id}</span>}
      aside={
        !self && (
          <StandingButton
            name={person.name}
            standing={person.standing}
            consequence="They are signed out everywhere, in every company, and cannot sign in."
            change={(action, reason) =>
              call(
                action === "suspend"
                  ? api.POST("/v1/admin/users/{userId}/suspend", { params: { path }, body: { reason } })
                  : api.POST("/v1/admin/users/{userId}/restore", { params: { path }, body: { reason } }),
              )
            }
          />
        )
      }
    >
      <dl className="card mb-6 grid gap-4 p-5 sm:grid-cols-4">
        <div>
          <dt className="text-[13px] text-ink-3">State</dt>
          <dd className="mt-1">
            <StandingBadge standing={person.standing} />
          </dd>
        </div>
        <div className="min-w-0">
          <dt className="text-[13px] text-ink-3">Email</dt>
          <dd className="mt-1 break-words">{person.email}</dd>
        </div>
        <div>
          <dt className="text-[13px] text-ink-3">Since</dt>
          <dd className="mt-1">{dayLabel(person.createdAt.slice(0, 10), true)}</dd>
        </div>
        <div>
          <dt className="text-[13px] text-ink-3">Signed in on</dt>
          <dd className="mt-1">{person.sessions === 1 ? "1 device" : `${person.sessions} devices`}</dd>
        </div>
      </dl>
      <h2 className="mb-3 text-[15px] font-semibold">Companies</h2>
      {person.companies.length === 0 ? (
        <div className="card">
          <EmptyState title={person.globalOwner ? "A global owner belongs to none" : "In no company"} />
        </div>
      ) : (
        <Table label="Companies" columns={[{ label: "Company" }, { label: "Role" }]}>
          {person.companies.map((company) => (
            <Row key={company.tenantId}>
              <RowHead>
                <Link
                  to={paths.companyOf(company.tenantId)}
                  className="font-mono text-[13px] hover:text-accent hover:underline"
                >
                  {company.tenantId}
                </Link>
              </RowHead>
              <Cell label="Role">{ROLE_LABELS[company.role]}</Cell>
            </Row>
          ))}
        </Table>
      )}
    </Page>
  );
}
