import { useQuery } from "@tanstack/react-query";
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { dimensionsQuery } from "~/api/queries";
import type { Granularity } from "~/api/types";
import { compare, percentOf } from "~/lib/decimal";
import { dimensionLabel } from "~/lib/labels";
import { displayMoney, exactAmount } from "~/lib/money";
import type { Group, Pivot } from "~/lib/pivot";
import { Button } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { Icon } from "~/ui/Icon";
import { ScrollRegion } from "~/ui/ScrollRegion";
import { bucketLabel, isIncomplete } from "./CostChart";
import type { GroupNames } from "./useGroupNames";

/** More cells than this make a page slow, and nobody reads them. */
const MOST_CELLS = 8000;
const NO_BUCKETS: string[] = [];

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns: {} });
const helper = createColumnHelper<typeof features, Group>();

type Props = {
  table: Pivot;
  names: GroupNames;
  groupBy: string[];
  currency: string;
  granularity: Granularity;
  dataAsOf: string | null;
  /** How many groups the "Others" row holds; 0 where there is none. */
  folded: number;
  onExpand: () => void;
  onFilter: (group: Group) => void;
};

/** The truth behind the chart: every amount, exact, with totals both ways. */
export function CostTable(props: Props) {
  const { table: pivoted, names, groupBy, currency, granularity, dataAsOf } = props;
  const { data: known } = useQuery(dimensionsQuery());
  const [allDigits, setAllDigits] = useState(false);
  const [sorting, setSorting] = useState<SortingState>([]);
  const wide = pivoted.buckets.length * pivoted.groups.length <= MOST_CELLS;
  const buckets = wide ? pivoted.buckets : NO_BUCKETS;

  const columns = useMemo(
    () =>
      helper.columns([
        ...(groupBy.length > 0 ? groupBy : [""]).map((dimension, i) =>
          helper.accessor((group) => (group.other ? "Others" : names.key(i, group.keys[i] ?? null).name), {
            id: `key-${i}`,
            header: dimension ? dimensionLabel(dimension, known) : "Costs",
            sortFn: (a, b, id) =>
              othersLast(a.original, b.original) ||
              String(a.getValue(id)).localeCompare(String(b.getValue(id))),
            sortDescFirst: false,
          }),
        ),
        helper.accessor((group) => group.total, {
          id: "total",
          header: `Total (${currency})`,
          sortFn: (a, b) => compare(a.original.total, b.original.total),
          sortDescFirst: true,
        }),
        ...buckets.map((bucket, i) =>
          helper.accessor((group) => group.values[i] ?? "0", {
            id: bucket,
            header:
              bucketLabel(bucket, granularity) +
              (isIncomplete(bucket, granularity, dataAsOf) ? " (incomplete)" : ""),
            sortFn: (a, b) => compare(a.original.values[i] ?? "0", b.original.values[i] ?? "0"),
            sortDescFirst: true,
          }),
        ),
      ]),
    [groupBy, names, known, currency, buckets, granularity, dataAsOf],
  );
  const table = useTable({
    features,
    columns,
    data: pivoted.groups,
    getRowId: (group) => group.id,
    state: { sorting },
    onSortingChange: setSorting,
  });
  const show = (amount: string) => (allDigits ? exactAmount(amount) : displayMoney(amount, currency));
  const keyCount = Math.max(groupBy.length, 1);

  return (
    <section className="card min-w-0">
      <div className="flex flex-wrap items-center justify-between gap-2 px-5 pt-4 pb-3">
        <h2 className="text-[15px] font-semibold">Table</h2>
        <Button size="sm" aria-pressed={allDigits} onClick={() => setAllDigits(!allDigits)}>
          {allDigits ? "Round to cents" : "Show every digit"}
        </Button>
      </div>
      <ScrollRegion label="Costs" className="pb-2">
        <table className="w-full border-separate border-spacing-0">
          <thead>
            {table.getHeaderGroups().map((headerGroup) => (
              <tr key={headerGroup.id}>
                {headerGroup.headers.map((header, i) => {
                  const sorted = header.column.getIsSorted();
                  return (
                    <th
                      key={header.id}
                      scope="col"
                      aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : "none"}
                      className={cx(
                        cellClass(i, keyCount),
                        "border-b border-line text-[13px] font-medium text-ink-3",
                      )}
                    >
                      <button
                        type="button"
                        onClick={header.column.getToggleSortingHandler()}
                        className={cx("inline-flex items-center gap-1 hover:text-ink", sorted && "text-ink")}
                      >
                        <table.FlexRender header={header} />
                        <Icon
                          name="chevron"
                          className={cx("size-3", !sorted && "opacity-0", sorted === "asc" && "rotate-180")}
                        />
                      </button>
                    </th>
                  );
                })}
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} className="group">
                {row.getAllCells().map((cell, i) =>
                  i < keyCount ? (
                    <th
                      key={cell.id}
                      scope="row"
                      className={cx(
                        cellClass(i, keyCount),
                        "border-b border-line font-normal group-hover:bg-sunken",
                      )}
                    >
                      {i === 0 || !row.original.other ? (
                        <KeyCell {...props} group={row.original} at={i} />
                      ) : null}
                    </th>
                  ) : (
                    <td
                      key={cell.id}
                      title={exactAmount(String(cell.getValue()))}
                      className={cx(
                        cellClass(i, keyCount),
                        "border-b border-line group-hover:bg-sunken",
                        i === keyCount && "font-medium",
                      )}
                    >
                      <data value={String(cell.getValue())}>{show(String(cell.getValue()))}</data>
                      {i === keyCount && <Share part={row.original.total} whole={pivoted.total} />}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="font-semibold">
              <th
                scope="row"
                colSpan={keyCount}
                className={cx(cellClass(0, keyCount), "border-t-3 border-double border-line-strong")}
              >
                Total
              </th>
              {[pivoted.total, ...(wide ? pivoted.bucketTotals : [])].map((amount, i) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns' order is their identity
                  key={i}
                  title={exactAmount(amount)}
                  data-testid={i === 0 ? "table-total" : undefined}
                  className={cx(
                    cellClass(keyCount + i, keyCount),
                    "border-t-3 border-double border-line-strong",
                  )}
                >
                  <data value={amount}>{show(amount)}</data>
                  {i === 0 && <Share part={pivoted.total} whole={pivoted.total} />}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </ScrollRegion>
      {!wide && (
        <p className="px-5 pb-4 text-[13px] text-ink-3">
          Too many columns to read. Choose a coarser granularity to see the amounts over time.
        </p>
      )}
    </section>
  );
}

function KeyCell({
  group,
  at,
  names,
  groupBy,
  folded,
  onExpand,
  onFilter,
}: Props & { group: Group; at: number }) {
  if (groupBy.length === 0) return <>All costs</>;
  if (group.other) {
    return (
      <span className="inline-flex items-center gap-2">
        Others ({folded} {folded === 1 ? "group" : "groups"})
        <Button size="sm" variant="quiet" className="h-6!" onClick={onExpand}>
          Expand
        </Button>
      </span>
    );
  }
  const { name, note } = names.key(at, group.keys[at] ?? null);
  return (
    <>
      <button
        type="button"
        title={`Filter by ${names.group(group)}`}
        onClick={() => onFilter(group)}
        className="max-w-full truncate text-start align-bottom hover:text-accent hover:underline"
      >
        {name}
      </button>
      {note && <span className="block text-xs text-ink-3">{note}</span>}
    </>
  );
}

function Share({ part, whole }: { part: string; whole: string }) {
  const percent = percentOf(part, whole);
  return (
    <span className="ms-2 inline-block w-12 text-xs font-normal text-ink-3">
      {percent === null ? "" : `${percent} %`}
    </span>
  );
}

function cellClass(at: number, keyCount: number): string {
  return cx(
    "px-3 py-2 whitespace-nowrap first:ps-5 last:pe-5",
    at < keyCount ? "max-w-80 text-start" : "text-end",
    at === 0 && "bg-surface sm:sticky sm:start-0",
  );
}

function othersLast(a: Group, b: Group): number {
  return Number(a.other) - Number(b.other);
}
