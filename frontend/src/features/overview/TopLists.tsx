import type { DashboardBlock, Ranked } from "~/api/types";
import { paths } from "~/app/paths";
import { type ExplorerQuery, TOP, writeQuery } from "~/lib/query";
import { BarList } from "~/ui/BarList";
import { Panel } from "~/ui/Page";
import { shownMonth } from "./period";

/** Where this month's money goes; each row opens the Explorer on itself, split further. */
export function TopLists({ block }: { block: DashboardBlock }) {
  return (
    <div className="mt-5 grid gap-5 lg:grid-cols-3">
      <TopList
        title="Top services"
        dimension="ServiceName"
        split="SubAccountId"
        ranked={block.topServices}
        block={block}
      />
      <TopList
        title="Top accounts"
        dimension="SubAccountId"
        split="ServiceName"
        ranked={block.topAccounts}
        block={block}
      />
      <TopList
        title="Top regions"
        dimension="RegionId"
        split="ServiceName"
        ranked={block.topRegions}
        block={block}
      />
    </div>
  );
}

function TopList({
  title,
  dimension,
  split,
  ranked,
  block,
}: {
  title: string;
  dimension: string;
  split: string;
  ranked: Ranked[];
  block: DashboardBlock;
}) {
  const month = shownMonth(block);
  if (!month) return null;
  const linkTo = (key: string | null) => {
    const query: ExplorerQuery = {
      metric: "EffectiveCost",
      groupBy: [split],
      granularity: "day",
      start: month.start,
      end: month.end,
      currency: block.currency,
      top: TOP,
      filter:
        key === null
          ? { dimension, operator: "isNull", values: [] }
          : { dimension, operator: "in", values: [key] },
    };
    return paths.exploreWith(writeQuery(query));
  };
  return (
    <Panel title={title} aside={<span className="text-xs text-ink-3">Effective, {block.currency}</span>}>
      {ranked.length === 0 ? (
        <p className="text-ink-3">No costs this month.</p>
      ) : (
        <BarList
          label={title}
          total={block.monthToDate.EffectiveCost ?? "0"}
          currency={block.currency}
          items={ranked.slice(0, 8).map((item) => ({
            key: item.key ?? "",
            name: item.label ?? item.key ?? "Not set",
            note: item.label && item.key && item.label !== item.key ? item.key : undefined,
            value: item.EffectiveCost,
            to: linkTo(item.key),
          }))}
        />
      )}
    </Panel>
  );
}
