import type { CompanyFilter, LogFilter, PersonFilter } from "~/api/platform";
import type { LogLevel, Standing } from "~/api/types";

export const LEVELS = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];
export const STANDINGS = ["active", "suspended"] as const satisfies readonly Standing[];

/** How far back logs are read, in hours. */
export const SPANS = [1, 6, 24, 24 * 7] as const;

export function companyFilter(search: URLSearchParams): CompanyFilter {
  const [text, standing] = [search.get("search")?.trim(), standingOf(search)];
  return { ...(text && { search: text }), ...(standing && { standing }) };
}

/** An address is asked for alone, and whole: it is never a part of a list. */
export function personFilter(search: URLSearchParams): PersonFilter {
  const { search: text, standing } = companyFilter(search);
  if (text?.includes("@")) return { email: text };
  return { ...(text && { search: text }), ...(standing && { standing }) };
}

/** `now` decides what "the last hours" are, so that further pages ask the same question. */
export function logFilter(search: URLSearchParams, now: number): LogFilter {
  const filter: LogFilter = {};
  for (const name of ["domain", "tenantId", "requestId"] as const) {
    const text = search.get(name)?.trim();
    if (text) filter[name] = text;
  }
  filter.level = LEVELS.find((level) => level === search.get("level")) ?? "info";
  const hours = SPANS.find((span) => String(span) === search.get("hours")) ?? 1;
  filter.from = new Date(now - hours * 3_600_000).toISOString();
  filter.to = new Date(now).toISOString();
  return filter;
}

function standingOf(search: URLSearchParams): Standing | undefined {
  return STANDINGS.find((standing) => standing === search.get("standing"));
}
