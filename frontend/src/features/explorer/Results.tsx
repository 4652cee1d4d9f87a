import { useMemo, useState } from "react";
import type { CostAnswer } from "~/api/types";

import { rangeLabel } from "~/lib/dates";
import { METRIC_LABELS } from "~/lib/labels";
import { displayCount } from "~/lib/money";
import { fold, pivot } from "~/lib/pivot";
import { type ExplorerQuery, MORE, TOP } from "~/lib/query";
import { Amount } from "~/ui/Amount";
import { Button } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { Segmented } from "~/ui/Segmented";
import { EmptyState } from "~/ui/States";
import { CostChart } from "./CostChart";
import { CostTable } from "./CostTable";
import { useGroupNames } from "./useGroupNames";

export function Results({
  query,
  answer,
  stale,
  onChange,
}: {
  query: ExplorerQuery;
  answer: CostAnswer;
  stale: boolean;
  onChange: (part: Partial<ExplorerQuery>) => void;
}) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const block = answer.blocks.find((one) => one.currency === query.currency) ?? answer.blocks[0];
  const asked = answer.query;
  // While the next answer is on its way the last one stays, read as what it was asked for.
  const metric = asked.metrics?.[0] ?? query.metric;
  const granularity = asked.granularity ?? query.granularity;
  const groupBy = asked.groupBy ?? query.groupBy;
  const table = useMemo(
    () => (block ? pivot(block, metric, granularity) : null),
    [block, metric, granularity],
  );
  const shown = useMemo(() => (table ? fold(table.groups, TOP) : []), [table]);
  const names = useGroupNames(groupBy);

  if (!block || !table || table.groups.length === 0)
    return <NothingFound query={query} onChange={onChange} />;

  const folded = table.groups.some((group) => group.other)
    ? Math.max(block.groups - (asked.top ?? TOP), 1)
    : 0;
  return (
    <div aria-busy={stale} className={cx("grid gap-5 transition-opacity", stale && "opacity-60")}>
      <section className="card min-w-0 p-5">
        <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
          <div>
            <h2 className="text-[13px] text-ink-3">
              {METRIC_LABELS[metric]}, {rangeLabel(asked.start, asked.end)}
            </h2>
            <p data-testid="explorer-total" className="font-serif text-3xl font-medium">
              <Amount value={table.total} currency={block.currency} />
              <span className="ms-2 font-sans text-base text-ink-3">{block.currency}</span>
            </p>
          </div>
          {answer.blocks.length > 1 && (
            <Segmented
              label="Currency"
              value={block.currency}
              options={answer.blocks.map(({ currency }) => ({ value: currency, label: currency }))}
              onChange={(currency) => onChange({ currency })}
            />
          )}
        </div>
        <CostChart
          groups={shown}
          table={table}
          names={names}
          currency={block.currency}
          metric={metric}
          granularity={granularity}
          grouped={groupBy.length > 0}
          dataAsOf={answer.dataAsOf}
          hidden={hidden}
          onToggle={(id) => setHidden(toggled(hidden, id))}
        />
      </section>
      <CostTable
        table={table}
        names={names}
        groupBy={groupBy}
        currency={block.currency}
        granularity={granularity}
        dataAsOf={answer.dataAsOf}
        folded={folded}
        onExpand={() => onChange({ top: MORE })}
        onFilter={(group) => onChange({ filter: narrowed(query, groupBy, group.keys), top: TOP })}
      />
      <p className="text-[13px] text-ink-3">
        {displayCount(block.groups)} {block.groups === 1 ? "group" : "groups"} from{" "}
        {displayCount(answer.plan.versions)} {answer.plan.versions === 1 ? "bill" : "bills"}
        {asked.top === MORE && (
          <Button variant="quiet" size="sm" className="ms-2" onClick={() => onChange({ top: TOP })}>
            Show the top {TOP} only
          </Button>
        )}
      </p>
    </div>
  );
}

/** Bills are there, but none of their costs match: not the same as having no bills. */
function NothingFound({
  query,
  onChange,
}: {
  query: ExplorerQuery;
  onChange: (part: Partial<ExplorerQuery>) => void;
}) {
  return (
    <div className="card">
      <EmptyState
        title="No costs match this question"
        actions={
          query.filter && (
            <Button variant="primary" onClick={() => onChange({ filter: null })}>
              Clear filters
            </Button>
          )
        }
      >
        Nothing in your bills from {rangeLabel(query.start, query.end)}
        {query.filter ? " passes the filter." : ". Choose other dates."}
      </EmptyState>
    </div>
  );
}

/** The question about one group alone: its keys become conditions. */
function narrowed(query: ExplorerQuery, groupBy: string[], keys: (string | null)[]): ExplorerQuery["filter"] {
  const conditions = groupBy.map((dimension, i) => {
    const key = keys[i] ?? null;
    return key === null
      ? { dimension, operator: "isNull" as const, values: [] }
      : { dimension, operator: "in" as const, values: [key] };
  });
  const before = query.filter ? ("and" in query.filter ? query.filter.and : [query.filter]) : [];
  const all = [...before, ...conditions];
  return all.length === 1 ? (all[0] ?? null) : { and: all };
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
