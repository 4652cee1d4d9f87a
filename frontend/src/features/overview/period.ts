import type { DashboardBlock } from "~/api/types";
import { addDays, monthStart } from "~/lib/dates";

/** The month to date that a block tells of: from the first to the day after its last day with costs. */
export function shownMonth(block: DashboardBlock): { start: string; end: string; whole: boolean } | null {
  const last = block.daily.at(-1)?.start;
  if (!last) return null;
  const end = addDays(last, 1);
  return { start: monthStart(last), end, whole: end === monthStart(last, 1) };
}
