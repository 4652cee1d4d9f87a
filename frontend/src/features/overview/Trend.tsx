import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Trends } from "~/api/types";
import { isIncompleteMonth, monthLabel } from "~/lib/dates";
import { METRIC_LABELS } from "~/lib/labels";
import { ChartFigure } from "~/ui/chart/ChartFigure";
import type { ChartData } from "~/ui/chart/option";
import { Panel } from "~/ui/Page";
import { Segmented } from "~/ui/Segmented";
import { ErrorState, Skeleton } from "~/ui/States";

type Basis = "EffectiveCost" | "BilledCost";

export function Trend({
  trends,
  currency,
  basis,
  onBasis,
}: {
  trends: UseQueryResult<Trends>;
  currency: string;
  basis: Basis;
  onBasis: (basis: Basis) => void;
}) {
  const data = useMemo<ChartData | null>(() => {
    const months = trends.data?.blocks.find((block) => block.currency === currency)?.months;
    if (!months) return null;
    return {
      label: `${METRIC_LABELS[basis]} by month in ${currency}`,
      kind: "bar",
      currency,
      buckets: months.map((month) => monthLabel(month.billingPeriod)),
      partial: months.map((month) => isIncompleteMonth(month.billingPeriod, trends.data?.dataAsOf ?? null)),
      series: [{ name: METRIC_LABELS[basis], tone: 0, values: months.map((month) => month[basis]) }],
    };
  }, [trends.data, currency, basis]);

  return (
    <Panel
      title={`By month (${currency})`}
      aside={
        <Segmented
          label="Cost basis"
          value={basis}
          options={[
            { value: "EffectiveCost", label: METRIC_LABELS.EffectiveCost },
            { value: "BilledCost", label: METRIC_LABELS.BilledCost },
          ]}
          onChange={onBasis}
        />
      }
    >
      {trends.error ? (
        <ErrorState error={trends.error} retry={() => trends.refetch()} />
      ) : data ? (
        <ChartFigure data={data} height={248} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </Panel>
  );
}
