import { useQuery } from "@tanstack/react-query";
import { useMay } from "~/api/account";
import { companyQuery, usageQuery } from "~/api/company";
import { prefetch } from "~/api/query-client";
import type { Company } from "~/api/types";
import { dayLabel } from "~/lib/dates";
import { Page, Panel } from "~/ui/Page";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { CompanySettings } from "./CompanySettings";
import { DeleteCompany } from "./DeleteCompany";
import { UsagePanel } from "./UsagePanel";

export const loader = async () => {
  await prefetch(companyQuery());
  return prefetch(usageQuery());
};

export function Component() {
  const company = useQuery(companyQuery());
  const mayChange = useMay("tenant:write");
  const mayDelete = useMay("tenant:delete");
  return (
    <Page title="Company" intro="Its name, how its bills are read, and what it uses.">
      {company.error && <ErrorState error={company.error} retry={() => company.refetch()} />}
      {company.isPending && !company.error && (
        <Loading label="Loading the company">
          <div className="grid gap-5 lg:grid-cols-2">
            <Skeleton className="h-72" />
            <Skeleton className="h-72" />
          </div>
        </Loading>
      )}
      {company.data && (
        <div className="grid items-start gap-5 lg:grid-cols-2">
          {mayChange ? (
            <CompanySettings key={company.data.etag} {...company.data} />
          ) : (
            <Plain company={company.data.data} />
          )}
          <UsagePanel />
        </div>
      )}
      {company.data && mayDelete && <DeleteCompany company={company.data.data} />}
    </Page>
  );
}

function Plain({ company }: { company: Company }) {
  return (
    <Panel title="Settings">
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[140px_minmax(0,1fr)]">
        <dt className="text-ink-3">Name</dt>
        <dd className="font-medium break-words">{company.name}</dd>
        <dt className="text-ink-3">Founded</dt>
        <dd>{dayLabel(company.createdAt.slice(0, 10), true)}</dd>
        <dt className="text-ink-3">Fast tag keys</dt>
        <dd className="break-words">{company.rollupTagKeys.join(", ") || "none"}</dd>
      </dl>
      <p className="mt-4 text-[13px] text-ink-3">An owner or admin can change these.</p>
    </Panel>
  );
}
