import { useMemo } from "react";
import type { Granularity, Metric } from "~/api/types";
import { dayLabel, isIncompleteDay, isIncompleteMonth, monthLabel } from "~/lib/dates";
import { METRIC_LABELS } from "~/lib/labels";
import type { Group, Pivot } from "~/lib/pivot";
import { Chart } from "~/ui/chart/Chart";
import { type ChartData, type Series, seriesTone } from "~/ui/chart/option";
import { cx } from "~/ui/cx";
import type { GroupNames } from "./useGroupNames";

/** More buckets than this read better as an area than as bars. */
const MOST_BARS = 62;

export function bucketLabel(bucket: string, granularity: Granularity): string {
  if (granularity === "month") return monthLabel(bucket);
  return granularity === "week" ? `from ${dayLabel(bucket)}` : dayLabel(bucket);
}

export function isIncomplete(bucket: string, granularity: Granularity, dataAsOf: string | null): boolean {
  if (granularity === "month") return isIncompleteMonth(bucket, dataAsOf);
  return granularity === "day" && isIncompleteDay(bucket, dataAsOf);
}

export function CostChart({
  groups,
  table,
  names,
  currency,
  metric,
  granularity,
  grouped,
  dataAsOf,
  hidden,
  onToggle,
}: {
  groups: Group[];
  table: Pivot;
  names: GroupNames;
  currency: string;
  metric: Metric;
  granularity: Granularity;
  grouped: boolean;
  dataAsOf: string | null;
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
}) {
  const series = useMemo(
    () =>
      groups.map((group, i) => ({
        id: group.id,
        name: names.group(group),
        values: group.values,
        tone: (group.other ? "other" : i) as Series["tone"],
        total: group.total,
      })),
    [groups, names],
  );
  const data = useMemo<ChartData>(() => {
    const shown = series.filter(({ id }) => !hidden.has(id));
    const label = `${METRIC_LABELS[metric]} in ${currency}${grouped ? " by group" : ""}. The table below has every number.`;
    if (granularity === "total") {
      const values = shown.map(({ total }) => total);
      return {
        label,
        currency,
        kind: "bar",
        buckets: shown.map(({ name }) => name),
        series: [{ name: METRIC_LABELS[metric], tone: 0, values }],
      };
    }
    return {
      label,
      currency,
      kind: granularity === "cumulative" || table.buckets.length > MOST_BARS ? "area" : "bar",
      buckets: table.buckets.map((bucket) => bucketLabel(bucket, granularity)),
      partial: table.buckets.map((bucket) => isIncomplete(bucket, granularity, dataAsOf)),
      series: shown,
    };
  }, [series, hidden, metric, currency, grouped, granularity, table, dataAsOf]);

  return (
    <div>
      <Chart data={data} height={320} />
      {grouped && granularity !== "total" && (
        <ul aria-label="Legend" className="mt-3 flex flex-wrap gap-x-1 gap-y-1">
          {series.map(({ id, name, tone }) => (
            <li key={id} className="min-w-0">
              <button
                type="button"
                aria-pressed={!hidden.has(id)}
                onClick={() => onToggle(id)}
                className={cx(
                  "flex max-w-full items-center gap-2 rounded px-2 py-0.5 text-[13px] hover:bg-sunken",
                  hidden.has(id) ? "text-ink-3 line-through" : "text-ink-2",
                )}
              >
                <span
                  aria-hidden="true"
                  className="size-2.5 shrink-0 rounded-xs"
                  style={{ background: hidden.has(id) ? "var(--line-strong)" : seriesTone(tone) }}
                />
                <span className="truncate">{name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
