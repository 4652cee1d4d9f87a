import { useQueries } from "@tanstack/react-query";
import { useCallback } from "react";
import { valuesQuery } from "~/api/queries";
import { NOT_SET } from "~/lib/labels";
import type { Group } from "~/lib/pivot";

export type GroupNames = {
  /** The name of one key of a group, as people know it. */
  key: (dimension: number, key: string | null) => { name: string; note: string | null };
  /** The whole group in one line. */
  group: (group: Group) => string;
};

/** Keys are ids; the bills also say what they are called. */
export function useGroupNames(groupBy: string[]): GroupNames {
  const values = useQueries({ queries: groupBy.map((dimension) => valuesQuery(dimension, "")) });
  const labels = values.map(({ data }) => data);
  const key: GroupNames["key"] = (dimension, id) => {
    if (id === null) return { name: NOT_SET, note: null };
    const label = labels[dimension]?.find((candidate) => candidate.value === id)?.label;
    return label && label !== id ? { name: label, note: id } : { name: id, note: null };
  };
  const group: GroupNames["group"] = (one) =>
    one.other
      ? "Others"
      : one.keys.length === 0
        ? "All costs"
        : one.keys.map((id, i) => key(i, id).name).join(" / ");
  // The labels arrive once per dimension; until then the ids stand for themselves.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answers' arrays are stable per query
  const stable = useCallback(() => ({ key, group }), [...labels, groupBy.join()]);
  return stable();
}
