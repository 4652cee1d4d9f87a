import type { Granularity, Metric } from "~/api/types";

export const METRIC_LABELS: Record<Metric, string> = {
  EffectiveCost: "Effective cost",
  BilledCost: "Billed cost",
  ListCost: "List cost",
  ContractedCost: "Contracted cost",
};

export const METRIC_NOTES: Record<Metric, string> = {
  EffectiveCost: "Upfront and recurring fees spread over the usage they cover",
  BilledCost: "What is invoiced",
  ListCost: "At public prices",
  ContractedCost: "At negotiated prices, before commitments",
};

export const GRANULARITY_LABELS: Record<Granularity, string> = {
  total: "Total",
  hour: "Hour",
  day: "Day",
  week: "Week",
  month: "Month",
  cumulative: "Cumulative",
};

/** "tag:team" reads "Tag team"; what the API names has its own label. */
export function dimensionLabel(name: string, known: { name: string; label: string }[] | undefined): string {
  const label = known?.find((dimension) => dimension.name === name)?.label;
  if (name.startsWith("tag:")) return `Tag ${label ?? name.slice(4)}`;
  return label ?? name;
}

export const NOT_SET = "Not set";
