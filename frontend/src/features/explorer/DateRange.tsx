import { type CalendarDate, parseDate } from "@internationalized/date";
import { useState } from "react";
import {
  Button as AriaButton,
  CalendarCell,
  CalendarGrid,
  DateInput,
  DateRangePicker,
  DateSegment,
  Group,
  Heading,
  I18nProvider,
  Label,
  RangeCalendar,
} from "react-aria-components";
import { addDays, rangeLabel } from "~/lib/dates";
import { presets, readableGranularity } from "~/lib/presets";
import type { ExplorerQuery } from "~/lib/query";
import { Button } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { Icon } from "~/ui/Icon";
import { Popover } from "~/ui/Popover";

type Range = { start: CalendarDate; end: CalendarDate };

export function DateRange({
  query,
  lastDay,
  onChange,
}: {
  query: ExplorerQuery;
  lastDay: string;
  onChange: (part: Partial<ExplorerQuery>) => void;
}) {
  const ranges = presets(lastDay);
  const preset = ranges.find(({ start, end }) => start === query.start && end === query.end);
  const choose = (start: string, end: string) =>
    onChange({ start, end, granularity: readableGranularity(start, end, query.granularity) });
  return (
    <div className="grid gap-1">
      <span aria-hidden="true" className="text-[13px] text-ink-3">
        Dates
      </span>
      <Popover
        label="Dates"
        className="flex flex-col sm:flex-row"
        trigger={
          <AriaButton className="flex h-9 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 font-medium hover:bg-sunken">
            <Icon name="calendar" className="size-4 text-ink-3" />
            <span className="sr-only">Dates: </span>
            {rangeLabel(query.start, query.end)}
            {preset && <span className="font-normal text-ink-3">{preset.label}</span>}
          </AriaButton>
        }
      >
        {(close) => (
          <>
            <ul className="flex flex-wrap gap-0.5 border-line p-3 max-sm:border-b sm:w-44 sm:flex-col sm:border-e">
              {ranges.map((range) => (
                <li key={range.id}>
                  <button
                    type="button"
                    aria-pressed={range.id === preset?.id}
                    onClick={() => {
                      choose(range.start, range.end);
                      close();
                    }}
                    className={cx(
                      "w-full rounded px-2.5 py-1.5 text-start hover:bg-sunken",
                      range.id === preset?.id && "bg-accent-soft font-medium text-accent",
                    )}
                  >
                    {range.label}
                  </button>
                </li>
              ))}
            </ul>
            <Custom
              query={query}
              onApply={(start, end) => {
                choose(start, end);
                close();
              }}
            />
          </>
        )}
      </Popover>
    </div>
  );
}

/** Any two days: typed, or picked in the calendar. Shown with the last day included, as people count. */
function Custom({ query, onApply }: { query: ExplorerQuery; onApply: (start: string, end: string) => void }) {
  const [range, setRange] = useState<Range | null>({
    start: parseDate(query.start),
    end: parseDate(addDays(query.end, -1)),
  });
  const keep = (next: Range | null) => setRange(next);
  const ready = range && range.start.compare(range.end) <= 0;
  return (
    <I18nProvider locale="en-GB">
      <div className="grid gap-3 p-4">
        <DateRangePicker value={range} onChange={keep} className="grid gap-1">
          <Label className="text-[13px] text-ink-3">From and to</Label>
          <Group className="flex h-9 items-center gap-1 rounded-md border border-line-strong px-2.5 focus-within:border-accent">
            <Typed slot="start" />
            <span aria-hidden="true" className="px-1 text-ink-3">
              –
            </span>
            <Typed slot="end" />
          </Group>
        </DateRangePicker>
        <RangeCalendar aria-label="Range" value={range} onChange={keep}>
          <header className="flex items-center justify-between pb-1">
            <AriaButton slot="previous" className="grid size-8 place-items-center rounded hover:bg-sunken">
              <Icon name="chevron" className="rotate-90" />
            </AriaButton>
            <Heading className="font-medium" />
            <AriaButton slot="next" className="grid size-8 place-items-center rounded hover:bg-sunken">
              <Icon name="chevron" className="-rotate-90" />
            </AriaButton>
          </header>
          <CalendarGrid className="border-separate border-spacing-y-0.5 [&_th]:pb-1 [&_th]:text-xs [&_th]:font-medium [&_th]:text-ink-3">
            {(date) => (
              <CalendarCell
                date={date}
                className={cx(
                  "grid size-9 cursor-pointer place-items-center outline-none data-outside-month:hidden",
                  "data-hovered:bg-sunken data-selected:bg-accent-soft data-selected:text-accent",
                  "data-selection-start:rounded-s-md data-selection-start:bg-accent-fill data-selection-start:text-on-accent",
                  "data-selection-end:rounded-e-md data-selection-end:bg-accent-fill data-selection-end:text-on-accent",
                  "data-focus-visible:outline-2 data-focus-visible:outline-accent",
                )}
              />
            )}
          </CalendarGrid>
        </RangeCalendar>
        <Button
          variant="primary"
          disabled={!ready}
          onClick={() => range && onApply(range.start.toString(), addDays(range.end.toString(), 1))}
        >
          Apply
        </Button>
      </div>
    </I18nProvider>
  );
}

function Typed({ slot }: { slot: "start" | "end" }) {
  return (
    <DateInput slot={slot} className="flex">
      {(segment) => (
        <DateSegment
          segment={segment}
          className="rounded px-0.5 outline-none data-focused:bg-accent-fill data-focused:text-on-accent data-placeholder:text-ink-3"
        />
      )}
    </DateInput>
  );
}
