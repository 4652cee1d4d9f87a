import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { costQuery, dashboardQuery, dimensionsQuery } from "~/api/queries";
import { prefetch, queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import type { Dashboard } from "~/api/types";
import { paths } from "~/app/paths";
import { addDays } from "~/lib/dates";
import { type ExplorerQuery, readQuery, TOP, toCostQuery, writeQuery } from "~/lib/query";
import { AsOf } from "~/ui/Amount";
import { ButtonLink } from "~/ui/Button";
import { Notice } from "~/ui/Notice";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Controls } from "./Controls";
import { Results } from "./Results";

export const loader = async () => {
  await prefetch(dashboardQuery());
  if (await restoreSession()) void queryClient.prefetchQuery(dimensionsQuery());
  return null;
};

export function Component() {
  const dashboard = useQuery(dashboardQuery());
  if (dashboard.data) {
    return dashboard.data.blocks.length > 0 ? <Explorer dashboard={dashboard.data} /> : <NoData />;
  }
  return (
    <Page title="Explorer">
      {dashboard.error ? <ErrorState error={dashboard.error} retry={() => dashboard.refetch()} /> : <Bones />}
    </Page>
  );
}

function Explorer({ dashboard }: { dashboard: Dashboard }) {
  const [search, setSearch] = useSearchParams();
  const lastDay = lastDayOf(dashboard);
  const { query, problems } = useMemo(() => readQuery(search, defaultQuery(lastDay)), [search, lastDay]);
  const answer = useQuery(costQuery(toCostQuery(query)));
  const change = (part: Partial<ExplorerQuery>) =>
    setSearch(writeQuery({ ...query, ...part }), { preventScrollReset: true });

  return (
    <Page title="Explorer" intro={<AsOf time={answer.data?.dataAsOf ?? dashboard.dataAsOf} />}>
      <Controls query={query} lastDay={lastDay} onChange={change} />
      {problems.length > 0 && (
        <div className="mt-4">
          <Notice
            tone="warn"
            role="status"
            title="A part of this address could not be read, and was left out"
          >
            <ul className="font-mono text-xs">
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
      <div className="mt-5">
        {answer.error ? (
          <ErrorState error={answer.error} retry={() => answer.refetch()} />
        ) : answer.data ? (
          <Results query={query} answer={answer.data} stale={answer.isPlaceholderData} onChange={change} />
        ) : (
          <Bones />
        )}
      </div>
    </Page>
  );
}

/** The last day with a charge, in any currency. */
function lastDayOf(dashboard: Dashboard): string {
  const days = dashboard.blocks.flatMap((block) => block.daily.at(-1)?.start ?? []);
  return days.sort().at(-1) ?? addDays(new Date().toISOString().slice(0, 10), -1);
}

function defaultQuery(lastDay: string): ExplorerQuery {
  const end = addDays(lastDay, 1);
  return {
    metric: "EffectiveCost",
    groupBy: ["ServiceName"],
    granularity: "day",
    start: addDays(end, -30),
    end,
    filter: null,
    currency: null,
    top: TOP,
  };
}

function NoData() {
  return (
    <Page title="Explorer">
      <div className="card">
        <EmptyState
          title="There is no bill to explore yet"
          actions={
            <ButtonLink to={paths.data} variant="primary">
              Bring in a bill
            </ButtonLink>
          }
        >
          Upload one, or load the sample bill, and ask it anything here.
        </EmptyState>
      </div>
    </Page>
  );
}

function Bones() {
  return (
    <Loading label="Loading costs">
      <Skeleton className="h-80" />
      <Skeleton className="mt-5 h-96" />
    </Loading>
  );
}
