import type { Granularity } from "~/api/types";
import { addDays, daysBetween, monthStart } from "./dates";

export type Preset = { id: string; label: string; start: string; end: string };

/** Date ranges counted back from the last day with costs, so that they are never empty by themselves. */
export function presets(lastDay: string): Preset[] {
  const end = addDays(lastDay, 1);
  const days = (count: number) => ({ start: addDays(end, -count), end });
  const months = (count: number) => ({ start: monthStart(lastDay, 1 - count), end });
  return [
    { id: "mtd", label: "Month to date", ...months(1) },
    { id: "previous", label: "Previous month", start: monthStart(lastDay, -1), end: monthStart(lastDay) },
    { id: "7d", label: "Last 7 days", ...days(7) },
    { id: "30d", label: "Last 30 days", ...days(30) },
    { id: "90d", label: "Last 90 days", ...days(90) },
    { id: "3m", label: "Last 3 months", ...months(3) },
    { id: "6m", label: "Last 6 months", ...months(6) },
    { id: "12m", label: "Last 12 months", ...months(12) },
  ];
}

/** How finely a range reads well. */
export function readableGranularity(start: string, end: string, now: Granularity): Granularity {
  if (now === "total" || now === "cumulative") return now;
  const days = daysBetween(start, end);
  return days <= 45 ? "day" : days <= 120 ? "week" : "month";
}
