import { agoLabel, timeLabel } from "~/lib/dates";

/** A moment as people say it; the exact one is in its title. */
export function When({ time, exact = false }: { time: string | null | undefined; exact?: boolean }) {
  if (!time) return <span className="text-ink-3">never</span>;
  return (
    <time dateTime={time} title={timeLabel(time)} className="whitespace-nowrap">
      {exact ? timeLabel(time) : agoLabel(time)}
    </time>
  );
}
