import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { companiesQuery, statsQuery } from "~/api/platform";
import { queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import { paths } from "~/app/paths";
import { dayLabel } from "~/lib/dates";
import { Button } from "~/ui/Button";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { companyFilter } from "./filters";
import { ListFilters } from "./ListFilters";
import { StandingBadge } from "./Standing";
import { Stats } from "./Stats";

export const loader = async ({ request }: { request: Request }) => {
  if (await restoreSession()) {
    void queryClient.prefetchQuery(statsQuery());
    const filter = companyFilter(new URL(request.url).searchParams);
    void queryClient.prefetchInfiniteQuery(companiesQuery(filter));
  }
  return null;
};

export function Component() {
  const [search, setSearch] = useSearchParams();
  const companies = useInfiniteQuery(companiesQuery(companyFilter(search)));
  const items = companies.data?.pages.flatMap((page) => page.items);
  return (
    <Page title="Companies" intro="Everybody who has Outlay here. The list follows a change within seconds.">
      <Stats />
      <ListFilters
        key={search.toString()}
        label="Find companies"
        hint="Part of a name, or a whole id"
        search={search}
        onSearch={setSearch}
      />
      {companies.error && <ErrorState error={companies.error} retry={() => companies.refetch()} />}
      {companies.isPending && !companies.error && (
        <Loading label="Loading the companies">
          <Skeleton className="h-64" />
        </Loading>
      )}
      {items?.length === 0 && !companies.hasNextPage && (
        <div className="card">
          <EmptyState title={search.size > 0 ? "No company matches" : "No company yet"} />
        </div>
      )}
      {items && items.length > 0 && (
        <Table label="Companies" columns={[{ label: "Company" }, { label: "State" }, { label: "Founded" }]}>
          {items.map((company) => (
            <Row key={company.id}>
              <RowHead note={<span className="font-mono text-xs">{company.id}</span>}>
                <Link to={paths.companyOf(company.id)} className="hover:text-accent hover:underline">
                  {company.name}
                </Link>
              </RowHead>
              <Cell label="State">
                <StandingBadge standing={company.standing} />
              </Cell>
              <Cell label="Founded">{dayLabel(company.foundedAt.slice(0, 10), true)}</Cell>
            </Row>
          ))}
        </Table>
      )}
      {companies.hasNextPage && (
        <Button
          className="mt-3"
          busy={companies.isFetchingNextPage}
          onClick={() => companies.fetchNextPage()}
        >
          Show more companies
        </Button>
      )}
    </Page>
  );
}
