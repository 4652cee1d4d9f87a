import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { peopleQuery } from "~/api/platform";
import { queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import { paths } from "~/app/paths";
import { dayLabel } from "~/lib/dates";
import { Button } from "~/ui/Button";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { personFilter } from "./filters";
import { ListFilters } from "./ListFilters";
import { StandingBadge } from "./Standing";

export const loader = async ({ request }: { request: Request }) => {
  const filter = personFilter(new URL(request.url).searchParams);
  if (await restoreSession()) void queryClient.prefetchInfiniteQuery(peopleQuery(filter));
  return null;
};

export function Component() {
  const [search, setSearch] = useSearchParams();
  const people = useInfiniteQuery(peopleQuery(personFilter(search)));
  const items = people.data?.pages.flatMap((page) => page.items);
  return (
    <Page title="Users" intro="Everybody with an account, in whichever company.">
      <ListFilters
        key={search.toString()}
        label="Find people"
        hint="Part of a name, a whole address or id"
        search={search}
        onSearch={setSearch}
      />
      {people.error && <ErrorState error={people.error} retry={() => people.refetch()} />}
      {people.isPending && !people.error && (
        <Loading label="Loading the people">
          <Skeleton className="h-64" />
        </Loading>
      )}
      {items?.length === 0 && !people.hasNextPage && (
        <div className="card">
          <EmptyState title={search.size > 0 ? "Nobody matches" : "Nobody yet"} />
        </div>
      )}
      {items && items.length > 0 && (
        <Table label="People" columns={[{ label: "Person" }, { label: "State" }, { label: "Since" }]}>
          {items.map((person) => (
            <Row key={person.id}>
              <RowHead note={<span className="font-mono text-xs">{person.id}</span>}>
                <Link to={paths.userOf(person.id)} className="hover:text-accent hover:underline">
                  {person.name}
                </Link>
              </RowHead>
              <Cell label="State">
                <StandingBadge standing={person.standing} />
              </Cell>
              <Cell label="Since">{dayLabel(person.createdAt.slice(0, 10), true)}</Cell>
            </Row>
          ))}
        </Table>
      )}
      {people.hasNextPage && (
        <Button className="mt-3" busy={people.isFetchingNextPage} onClick={() => people.fetchNextPage()}>
          Show more people
        </Button>
      )}
    </Page>
  );
}
