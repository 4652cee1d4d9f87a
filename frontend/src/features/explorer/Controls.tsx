import { useQuery } from "@tanstack/react-query";
import { dimensionsQuery } from "~/api/queries";
import type { Granularity, Metric } from "~/api/types";
import { GRANULARITY_LABELS, METRIC_LABELS, METRIC_NOTES } from "~/lib/labels";
import { type ExplorerQuery, GRANULARITIES, METRICS, TOP } from "~/lib/query";
import { Segmented } from "~/ui/Segmented";
import { type ChoiceGroup, Select } from "~/ui/Select";
import { DateRange } from "./DateRange";
import { Filters } from "./Filters";

const NONE = "";

/** Hours are part of the language, but a roll-up keeps days. */
const GRANULARITY_OPTIONS = [
  { value: "hour" as Granularity, label: GRANULARITY_LABELS.hour, disabled: "roll-ups are kept by day" },
  ...GRANULARITIES.filter((value) => value !== "total").map((value) => ({
    value: value as Granularity,
    label: GRANULARITY_LABELS[value],
  })),
  { value: "total" as Granularity, label: GRANULARITY_LABELS.total },
];

export function Controls({
  query,
  lastDay,
  onChange,
}: {
  query: ExplorerQuery;
  lastDay: string;
  onChange: (part: Partial<ExplorerQuery>) => void;
}) {
  const [first = NONE, second = NONE] = query.groupBy;
  const group = (names: string[]) =>
    onChange({ groupBy: [...new Set(names)].filter((name) => name !== NONE), top: TOP });
  return (
    <section aria-label="Question" className="card grid gap-4 p-5">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <DateRange query={query} lastDay={lastDay} onChange={onChange} />
        <div className="grid gap-1">
          <span aria-hidden="true" className="text-[13px] text-ink-3">
            Granularity
          </span>
          <Segmented
            label="Granularity"
            value={query.granularity}
            options={GRANULARITY_OPTIONS}
            onChange={(granularity) => onChange({ granularity })}
          />
        </div>
        <Select
          label="Cost basis"
          className="w-38"
          value={query.metric}
          groups={[
            {
              title: "Cost basis",
              choices: METRICS.map((value) => ({
                value,
                label: METRIC_LABELS[value],
                note: METRIC_NOTES[value],
              })),
            },
          ]}
          onChange={(metric) => onChange({ metric: metric as Metric })}
        />
        <GroupSelect label="Group by" value={first} not={NONE} onChange={(name) => group([name, second])} />
        {first !== NONE && (
          <GroupSelect label="Then by" value={second} not={first} onChange={(name) => group([first, name])} />
        )}
      </div>
      <Filters filter={query.filter} onChange={(filter) => onChange({ filter })} />
    </section>
  );
}

function GroupSelect({
  label,
  value,
  not,
  onChange,
}: {
  label: string;
  value: string;
  not: string;
  onChange: (name: string) => void;
}) {
  const groups = useDimensionGroups(value).map((group) => ({
    ...group,
    choices: group.choices.filter((choice) => choice.value !== not),
  }));
  return (
    <Select
      label={label}
      className="w-36"
      value={value}
      groups={[{ title: "No grouping", choices: [{ value: NONE, label: "Nothing" }] }, ...groups]}
      onChange={onChange}
    />
  );
}

/** What the tenant's bills can be asked by. A name from the address is offered even if unknown. */
export function useDimensionGroups(current = NONE): ChoiceGroup[] {
  const { data = [] } = useQuery(dimensionsQuery());
  const of = (kind: string) =>
    data.filter((dimension) => dimension.kind === kind).map(({ name, label }) => ({ value: name, label }));
  const unknown = current !== NONE && !data.some((dimension) => dimension.name === current);
  return [
    { title: "Dimensions", choices: of("dimension") },
    { title: "Tags", choices: of("tag") },
    { title: "From the address", choices: unknown ? [{ value: current, label: current }] : [] },
  ].filter((group) => group.choices.length > 0);
}
