import { useMemo } from "react";
import type { DashboardBlock } from "~/api/types";
import { dayLabel, isIncompleteDay } from "~/lib/dates";
import { ChartFigure } from "~/ui/chart/ChartFigure";
import type { ChartData } from "~/ui/chart/option";
import { Panel } from "~/ui/Page";

const DAYS = 45;

export function Daily({ block, dataAsOf }: { block: DashboardBlock; dataAsOf: string | null }) {
  const data = useMemo<ChartData>(() => {
    const days = block.daily.slice(-DAYS);
    return {
      label: `Effective cost by day in ${block.currency}`,
      kind: "bar",
      currency: block.currency,
      buckets: days.map((day) => dayLabel(day.start)),
      partial: days.map((day) => isIncompleteDay(day.start, dataAsOf)),
      series: [{ name: "Effective cost", tone: 0, values: days.map((day) => day.EffectiveCost) }],
    };
  }, [block, dataAsOf]);
  return (
    <Panel title={`By day (${block.currency})`}>
      <ChartFigure data={data} height={236} />
    </Panel>
  );
}
