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

export const ROLE_LABELS: Record<string, string> = {
  global_owner: "Global owner",
  owner: "Owner",
  admin: "Admin",
  member: "Member",
  viewer: "Viewer",
};

export const ROLE_NOTES: Record<string, string> = {
  owner: "Everything, and may delete the company",
  admin: "Looks after people and settings",
  member: "Brings bills in and works with them",
  viewer: "Looks, and changes nothing",
};

/** What a permission lets one do, in words. */
export const PERMISSION_LABELS: Record<string, string> = {
  "audit:read": "Read the audit log",
  "costs:read": "Ask what was spent",
  "members:leave": "Leave the company",
  "members:read": "See the team",
  "members:write": "Invite people and change their roles",
  "tenant:delete": "Delete the company",
  "tenant:read": "See the company's settings and usage",
  "tenant:write": "Change the company's settings",
  "tokens:read": "See API tokens",
  "tokens:write": "Make and revoke API tokens",
  "uploads:read": "See uploads",
  "uploads:write": "Upload, replace and delete bills",
  "users:read": "See when people signed in",
  "users:write": "Suspend, restore and delete accounts",
};
