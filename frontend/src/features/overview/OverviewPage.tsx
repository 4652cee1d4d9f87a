import { useQuery } from "@tanstack/react-query";
import { Navigate, useSearchParams } from "react-router";
import { useAccount } from "~/api/account";
import { dashboardQuery, trendsQuery } from "~/api/queries";
import { prefetch, queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import type { Dashboard } from "~/api/types";
import { paths } from "~/app/paths";
import { may } from "~/lib/access";
import { AsOf } from "~/ui/Amount";
import { Page } from "~/ui/Page";
import { Segmented } from "~/ui/Segmented";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Daily } from "./Daily";
import { MonthToDate } from "./MonthToDate";
import { TopLists } from "./TopLists";
import { Trend } from "./Trend";

const MONTHS = 13;

export const loader = async () => {
  await prefetch(dashboardQuery());
  if (await restoreSession()) void queryClient.prefetchQuery(trendsQuery(MONTHS));
  return null;
};

export function Component() {
  const dashboard = useQuery(dashboardQuery());
  const account = useAccount();
  const empty = dashboard.data?.blocks.length === 0;
  // An empty answer from before the first bill is not believed until it was asked again.
  if (empty && !dashboard.isFetching && account.data) {
    return may(account.data, "uploads:read") ? <Navigate to={paths.data} replace /> : <NoBills />;
  }
  if (dashboard.data && !empty) return <Filled dashboard={dashboard.data} />;
  return (
    <Page title="Overview">
      {dashboard.error ? <ErrorState error={dashboard.error} retry={() => dashboard.refetch()} /> : <Bones />}
    </Page>
  );
}

function Filled({ dashboard }: { dashboard: Dashboard }) {
  const [search, setSearch] = useSearchParams();
  const trends = useQuery(trendsQuery(MONTHS));
  const currencies = dashboard.blocks.map((block) => block.currency);
  const wanted = search.get("currency");
  const block = dashboard.blocks.find((candidate) => candidate.currency === wanted) ?? dashboard.blocks[0];
  if (!block || !dashboard.latestPeriod) return null;

  const change = (name: string, value: string) =>
    setSearch(
      (before) => {
        before.set(name, value);
        return before;
      },
      { preventScrollReset: true },
    );

  return (
    <Page
      title="Overview"
      intro={<AsOf time={dashboard.dataAsOf} />}
      aside={
        currencies.length > 1 && (
          <Segmented
            label="Currency"
            value={block.currency}
            options={currencies.map((currency) => ({ value: currency, label: currency }))}
            onChange={(currency) => change("currency", currency)}
          />
        )
      }
    >
      <div className="grid gap-5 xl:grid-cols-[minmax(320px,380px)_minmax(0,1fr)]">
        <MonthToDate block={block} dataAsOf={dashboard.dataAsOf} />
        <Daily block={block} dataAsOf={dashboard.dataAsOf} />
      </div>
      <div className="mt-5">
        <Trend
          trends={trends}
          currency={block.currency}
          basis={search.get("basis") === "BilledCost" ? "BilledCost" : "EffectiveCost"}
          onBasis={(basis) => change("basis", basis)}
        />
      </div>
      <TopLists block={block} />
    </Page>
  );
}

function NoBills() {
  return (
    <Page title="Overview">
      <div className="card">
        <EmptyState title="No bills yet">
          Figures show here when the first bill has come in. It comes by a connection; ask whoever runs your
          company on Outlay.
        </EmptyState>
      </div>
    </Page>
  );
}

function Bones() {
  return (
    <Loading label="Loading the overview">
      <div className="grid gap-5 xl:grid-cols-[minmax(320px,380px)_minmax(0,1fr)]">
        <Skeleton className="h-72" />
        <Skeleton className="h-72" />
      </div>
      <Skeleton className="mt-5 h-80" />
      <div className="mt-5 grid gap-5 lg:grid-cols-3">
        <Skeleton className="h-80" />
        <Skeleton className="h-80" />
        <Skeleton className="h-80" />
      </div>
    </Loading>
  );
}
