import type { AuditFilter } from "~/api/audit";
import type { AuditEntry } from "~/api/types";
import { addDays, isDate } from "./dates";

export const FILTERS = ["action", "actor", "target", "from", "to"] as const;

/** The filter of an address; days are whole and UTC, the last one included. */
export function auditFilter(search: URLSearchParams): AuditFilter {
  const filter: AuditFilter = {};
  for (const name of ["action", "actor", "target"] as const) {
    const text = search.get(name)?.trim();
    if (text) filter[name] = text;
  }
  const [from, to] = [search.get("from") ?? "", search.get("to") ?? ""];
  if (isDate(from)) filter.from = `${from}T00:00:00Z`;
  if (isDate(to)) filter.to = `${addDays(to, 1)}T00:00:00Z`;
  return filter;
}

export function isFiltered(filter: AuditFilter): boolean {
  return Object.keys(filter).length > 0;
}

/** "uploads.delete" -> "Uploads: delete"; "auth.password-change" -> "Auth: password change". */
export function actionText(action: string): string {
  const [domain = "", ...rest] = action.split(".");
  const words = (text: string) => text.replaceAll("-", " ");
  const subject = words(domain).replace(/^./, (letter) => letter.toUpperCase());
  return rest.length > 0 ? `${subject}: ${words(rest.join(" "))}` : subject;
}

export type Change = { field: string; before: string | null; after: string | null };

/** The changed fields, each with what it was and what it is. */
export function changesOf(entry: Pick<AuditEntry, "before" | "after">): Change[] {
  const before = asFields(entry.before);
  const after = asFields(entry.after);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((field) => ({
    field,
    before: shown(before[field]),
    after: shown(after[field]),
  }));
}

function asFields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  // What a list of things holds is in the entry itself; here it would fill the page.
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null)) {
    return value.length === 1 ? "1 entry" : `${value.length} entries`;
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
