/** Calendar dates as the API writes them ("2026-11-01"), UTC, ranges end-exclusive. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = 86_400_000;

export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && toText(parse(text)) === text;
}

export function addDays(date: string, days: number): string {
  return toText(parse(date) + days * DAY);
}

/** The first day of the month `months` away from that of `date`. */
export function monthStart(date: string, months = 0): string {
  const at = new Date(parse(date));
  return toText(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
}

export function daysBetween(start: string, end: string): number {
  return (parse(end) - parse(start)) / DAY;
}

export function isWeekend(date: string): boolean {
  const day = new Date(parse(date)).getUTCDay();
  return day === 0 || day === 6;
}

/** "3 Nov" or, with the year, "3 Nov 2026". */
export function dayLabel(date: string, withYear = false): string {
  const [year, month, day] = date.split("-");
  const text = `${Number(day)} ${MONTHS[Number(month) - 1]}`;
  return withYear ? `${text} ${year}` : text;
}

/** "Nov 2026" of "2026-11" or of any day in it. */
export function monthLabel(period: string): string {
  const [year, month] = period.split("-");
  return `${MONTHS[Number(month) - 1]} ${year}`;
}

/** "1 – 30 Nov 2026" for the end-exclusive range up to 1 December. */
export function rangeLabel(start: string, end: string): string {
  const last = addDays(end, -1);
  if (last === start) return dayLabel(start, true);
  if (start.slice(0, 7) === last.slice(0, 7)) return `${Number(start.slice(8))} – ${dayLabel(last, true)}`;
  return `${dayLabel(start, start.slice(0, 4) !== last.slice(0, 4))} – ${dayLabel(last, true)}`;
}

/** "20 Nov 2026, 21:08 UTC" */
export function timeLabel(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  const iso = at.toISOString();
  return `${dayLabel(iso.slice(0, 10), true)}, ${iso.slice(11, 16)} UTC`;
}

/** "just now", "4 min ago", "3 h ago", else the day. */
export function agoLabel(time: string, now = Date.now()): string {
  const seconds = Math.round((now - new Date(time).getTime()) / 1000);
  if (Number.isNaN(seconds)) return time;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return dayLabel(time.slice(0, 10), true);
}

/** "in 6 days", "in 5 h", "in 4 min", or "over": how long something is still good, rounded down. */
export function untilLabel(time: string, now = Date.now()): string {
  const minutes = Math.floor((new Date(time).getTime() - now) / 60_000);
  if (Number.isNaN(minutes)) return time;
  if (minutes < 0) return "over";
  if (minutes < 60) return `in ${minutes} min`;
  if (minutes < 48 * 60) return `in ${Math.floor(minutes / 60)} h`;
  return `in ${Math.floor(minutes / 1440)} days`;
}

/**
 * Providers keep adding to a day for about a day after it ended, so the day of the data's own time and
 * the one before it are still filling.
 */
export function isIncompleteDay(day: string, dataAsOf: string | null): boolean {
  if (!dataAsOf) return false;
  const lag = daysBetween(day, dataAsOf.slice(0, 10));
  return lag >= 0 && lag <= 1;
}

/** A month is still filling until the data is newer than its end. */
export function isIncompleteMonth(period: string, dataAsOf: string | null): boolean {
  return dataAsOf !== null && dataAsOf.slice(0, 10) < monthStart(`${period.slice(0, 7)}-01`, 1);
}

export function sizeLabel(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes;
  let unit = "B";
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

function parse(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));
}

function toText(time: number): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(0, 10);
}
