import * as z from "zod/mini";
import type { CostQuery, Filter, Granularity, Metric } from "~/api/types";
import { isDate } from "./dates";
import { FilterSyntaxError, formatFilter, parseFilter } from "./filter";

/** What the Explorer shows. Its URL carries all of it, with the names of the API's GET form. */
export type ExplorerQuery = {
  metric: Metric;
  groupBy: string[];
  granularity: Granularity;
  start: string;
  end: string;
  filter: Filter | null;
  currency: string | null;
  /** How many groups are kept apart: TOP, or MORE when the others were expanded. */
  top: number;
};

export const METRICS = ["EffectiveCost", "BilledCost", "ListCost", "ContractedCost"] as const;
export const GRANULARITIES = ["total", "day", "week", "month", "cumulative"] as const;
export const TOP = 9;
export const MORE = 100;

const schemas = {
  metrics: z.enum(METRICS),
  granularity: z.enum(GRANULARITIES),
  groupBy: z.string().check(z.regex(/^(tag:.+|[A-Za-z_]\w*)$/)),
  top: z.enum([String(TOP), String(MORE)]),
  date: z.string().check(z.refine(isDate)),
  currency: z.string().check(z.regex(/^\S{1,20}$/)),
};

export type ReadQuery = { query: ExplorerQuery; problems: string[] };

/** Reads an address over the defaults; what it cannot read is left out and told. */
export function readQuery(search: URLSearchParams, defaults: ExplorerQuery): ReadQuery {
  const problems: string[] = [];
  const query = { ...defaults };
  const take = <T>(name: string, schema: z.ZodMiniType<T>, keep: (value: T) => void) => {
    const text = search.get(name);
    if (text === null) return;
    const result = schema.safeParse(text);
    if (result.success) keep(result.data);
    else problems.push(`${name}=${text}`);
  };
  take("metrics", schemas.metrics, (metric) => {
    query.metric = metric;
  });
  take("granularity", schemas.granularity, (granularity) => {
    query.granularity = granularity;
  });
  take("top", schemas.top, (top) => {
    query.top = Number(top);
  });
  take("currency", schemas.currency, (currency) => {
    query.currency = currency;
  });
  readRange(search, query, problems);
  readGroups(search, query, problems);
  readFilter(search, query, problems);
  return { query, problems };
}

/** The address of a query; reading it again gives the same query. */
export function writeQuery(query: ExplorerQuery): URLSearchParams {
  const search = new URLSearchParams();
  search.set("metrics", query.metric);
  search.set("groupBy", query.groupBy.join(","));
  search.set("granularity", query.granularity);
  search.set("start", query.start);
  search.set("end", query.end);
  if (query.filter) search.set("filter", formatFilter(query.filter));
  if (query.top !== TOP) search.set("top", String(query.top));
  if (query.currency) search.set("currency", query.currency);
  return search;
}

/** The body of POST /v1/costs/query. */
export function toCostQuery(query: ExplorerQuery): CostQuery {
  return {
    metrics: [query.metric],
    groupBy: query.groupBy,
    granularity: query.granularity,
    start: query.start,
    end: query.end,
    top: query.top,
    ...(query.filter ? { filter: query.filter } : {}),
  };
}

function readRange(search: URLSearchParams, query: ExplorerQuery, problems: string[]): void {
  const start = search.get("start");
  const end = search.get("end");
  if (start === null && end === null) return;
  const ok = schemas.date.safeParse(start).success && schemas.date.safeParse(end).success;
  if (ok && start && end && start < end) Object.assign(query, { start, end });
  else problems.push(`start=${start ?? ""}, end=${end ?? ""}`);
}

function readGroups(search: URLSearchParams, query: ExplorerQuery, problems: string[]): void {
  const text = search.get("groupBy");
  if (text === null) return;
  const names = text.split(",").filter((name) => name !== "");
  const good = names.filter((name) => schemas.groupBy.safeParse(name).success);
  query.groupBy = [...new Set(good)].slice(0, 2);
  if (query.groupBy.length < names.length) problems.push(`groupBy=${text}`);
}

function readFilter(search: URLSearchParams, query: ExplorerQuery, problems: string[]): void {
  const text = search.get("filter");
  if (text === null) return;
  try {
    query.filter = parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    problems.push(`filter: ${error.message}`);
  }
}
