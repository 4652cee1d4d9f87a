import { useQuery } from "@tanstack/react-query";
import { Link, type LoaderFunctionArgs, useParams } from "react-router";
import { api, call } from "~/api/client";
import { companyDetailQuery } from "~/api/platform";
import { ApiError } from "~/api/problem";
import { prefetch } from "~/api/query-client";
import type { CompanyDetail } from "~/api/types";
import { paths } from "~/app/paths";
import { dayLabel } from "~/lib/dates";
import { ROLE_LABELS } from "~/lib/labels";
import { Icon } from "~/ui/Icon";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { StandingBadge, StandingButton } from "./Standing";
import { Terms } from "./Terms";

export const loader = ({ params }: LoaderFunctionArgs) => prefetch(companyDetailQuery(params.tenantId ?? ""));

export function Component() {
  const { tenantId = "" } = useParams();
  const company = useQuery({
    ...companyDetailQuery(tenantId),
    throwOnError: (error) => error instanceof ApiError && [403, 404].includes(error.status),
  });
  if (company.data) return <Filled company={company.data.data} etag={company.data.etag} />;
  return (
    <Page title="Company">
      {company.error ? (
        <ErrorState error={company.error} retry={() => company.refetch()} />
      ) : (
        <Loading label="Loading the company">
          <Skeleton className="h-64" />
        </Loading>
      )}
    </Page>
  );
}

function Filled({ company, etag }: { company: CompanyDetail; etag: string }) {
  const path = { tenantId: company.id };
  return (
    <Page
      title={company.name}
      above={
        <Link
          to={paths.companies}
          className="mb-3 inline-flex items-center gap-1.5 text-ink-3 hover:text-ink"
        >
          <Icon name="back" /> Companies
        </Link>
      }
      intro={<span className="font-mono text-xs">{company.id}</span>}
      aside={
        <StandingButton
          name={company.name}
          standing={company.standing}
          consequence="Its people and programs are refused within a minute. Its data are kept, and bills that arrive wait."
          change={(action, reason) =>
            call(
              action === "suspend"
                ? api.POST("/v1/admin/tenants/{tenantId}/suspend", { params: { path }, body: { reason } })
                : api.POST("/v1/admin/tenants/{tenantId}/restore", { params: { path }, body: { reason } }),
            )
          }
        />
      }
    >
      <dl className="card mb-6 grid gap-4 p-5 sm:grid-cols-2">
        <div>
          <dt className="text-[13px] text-ink-3">State</dt>
          <dd className="mt-1">
            <StandingBadge standing={company.standing} />
          </dd>
        </div>
        <div>
          <dt className="text-[13px] text-ink-3">Founded</dt>
          <dd className="mt-1">{dayLabel(company.foundedAt.slice(0, 10), true)}</dd>
        </div>
      </dl>
      <Terms company={company} etag={etag} />
      <h2 className="mb-3 text-[15px] font-semibold">People</h2>
      {company.people.length === 0 ? (
        <div className="card">
          <EmptyState title="Nobody is left in it" />
        </div>
      ) : (
        <Table
          label="People"
          columns={[{ label: "Person" }, { label: "Role" }, { label: "State" }, { label: "Joined" }]}
        >
          {company.people.map((person) => (
            <Row key={person.userId}>
              <RowHead note={person.email}>
                <Link to={paths.userOf(person.userId)} className="hover:text-accent hover:underline">
                  {person.name || person.email}
                </Link>
              </RowHead>
              <Cell label="Role">{ROLE_LABELS[person.role]}</Cell>
              <Cell label="State">
                <StandingBadge standing={person.standing} />
              </Cell>
              <Cell label="Joined">{dayLabel(person.joinedAt.slice(0, 10), true)}</Cell>
            </Row>
          ))}
        </Table>
      )}
    </Page>
  );
}
