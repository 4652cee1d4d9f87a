import type { CostBlock, Granularity, Metric } from "~/api/types";
import { fromUnits, sum, toUnits } from "./decimal";

export type Group = {
  id: string;
  keys: (string | null)[];
  /** The groups beyond `top`, folded by the API. */
  other: boolean;
  total: string;
  /** One exact amount per bucket. */
  values: string[];
};

export type Pivot = {
  buckets: string[];
  /** Largest first, folded ones last. */
  groups: Group[];
  bucketTotals: string[];
  total: string;
};

/** Turns an answer's rows into groups x buckets, adding nothing but zeros. */
export function pivot(block: CostBlock, metric: Metric, granularity: Granularity): Pivot {
  const buckets = [...new Set(block.rows.flatMap((row) => (row.start === null ? [] : [row.start])))].sort();
  const places = new Map(buckets.map((bucket, i) => [bucket, i]));
  const found = new Map<
    string,
    { keys: (string | null)[]; other: boolean; units: (bigint | null)[]; total: bigint }
  >();
  for (const row of block.rows) {
    const id = row.other ? "other" : JSON.stringify(row.keys);
    const group = found.get(id) ?? {
      keys: row.keys,
      other: row.other,
      units: buckets.map(() => null),
      total: 0n,
    };
    found.set(id, group);
    const units = toUnits(row.metrics[metric] ?? "0");
    const place = row.start === null ? undefined : places.get(row.start);
    if (place !== undefined) group.units[place] = (group.units[place] ?? 0n) + units;
    group.total += units;
  }
  const cumulative = granularity === "cumulative";
  const groups = [...found].map(([id, group]): Group => {
    const units = fill(group.units, cumulative);
    // Each day of a running sum holds all days before it: its total is its last day.
    const total = cumulative ? (units.at(-1) ?? 0n) : group.total;
    return {
      id,
      keys: group.keys,
      other: group.other,
      total: fromUnits(total),
      values: units.map(fromUnits),
    };
  });
  groups.sort((a, b) => Number(a.other) - Number(b.other) || compareDown(a.total, b.total));
  return {
    buckets,
    groups,
    bucketTotals: buckets.map((_, i) => sum(groups.map((group) => group.values[i] ?? "0"))),
    total: block.totals[metric] ?? "0",
  };
}

/** At most `shown` groups and one that holds the rest: what a chart can carry. */
export function fold(groups: Group[], shown: number): Group[] {
  if (groups.length <= shown + 1) return groups;
  const kept = groups.filter((group) => !group.other).slice(0, shown);
  const rest = groups.filter((group) => !kept.includes(group));
  const values = (rest[0]?.values ?? []).map((_, i) => sum(rest.map((group) => group.values[i] ?? "0")));
  const total = sum(rest.map((group) => group.total));
  return [...kept, { id: "other", keys: [], other: true, total, values }];
}

/** No row means no cost; in a running sum it means as much as the day before. */
function fill(units: (bigint | null)[], cumulative: boolean): bigint[] {
  let last = 0n;
  return units.map((value) => {
    if (value !== null) last = value;
    return value ?? (cumulative ? last : 0n);
  });
}

function compareDown(a: string, b: string): number {
  const difference = toUnits(b) - toUnits(a);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
