import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Input, Label, ListBox, ListBoxItem, SearchField } from "react-aria-components";
import { valuesQuery } from "~/api/queries";
import type { Condition, FilterOperator } from "~/api/types";
import { OPERATOR_WORDS, takesValues } from "~/lib/filter";
import { Button } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { inputClass, TextField } from "~/ui/Field";
import { Icon } from "~/ui/Icon";
import { Select } from "~/ui/Select";
import { useDimensionGroups } from "./Controls";

const OPERATORS: FilterOperator[] = [
  "in",
  "notIn",
  "contains",
  "notContains",
  "startsWith",
  "endsWith",
  "isNull",
  "isNotNull",
];

/** One condition: dimension, operator, values. */
export function FilterEditor({
  condition,
  onApply,
}: {
  condition: Condition | null;
  onApply: (condition: Condition) => void;
}) {
  const [dimension, setDimension] = useState(condition?.dimension ?? "ServiceName");
  const [operator, setOperator] = useState<FilterOperator>(condition?.operator ?? "in");
  const [values, setValues] = useState<string[]>(condition?.values ?? []);
  const groups = useDimensionGroups(dimension);
  const picks = operator === "in" || operator === "notIn";
  const kept = values.filter((value) => value !== "");
  const ready = !takesValues(operator) || kept.length > 0;

  return (
    <form
      className="grid w-80 max-w-full gap-3 p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onApply({ dimension, operator, values: takesValues(operator) ? kept : [] });
      }}
    >
      <div className="grid grid-cols-2 gap-2">
        <Select
          label="Dimension"
          value={dimension}
          groups={groups}
          onChange={(next) => {
            setDimension(next);
            setValues([]);
          }}
        />
        <Select
          label="Operator"
          value={operator}
          groups={[
            {
              title: "Operator",
              choices: OPERATORS.map((value) => ({ value, label: OPERATOR_WORDS[value] })),
            },
          ]}
          onChange={(next) => setOperator(next as FilterOperator)}
        />
      </div>
      {picks && <ValuePicker dimension={dimension} values={values} onChange={setValues} />}
      {!picks && takesValues(operator) && (
        <TextField
          label="Text, as it is written in the bill"
          value={values[0] ?? ""}
          onChange={(event) => setValues([event.target.value])}
        />
      )}
      <Button type="submit" variant="primary" disabled={!ready}>
        {condition ? "Change filter" : "Add filter"}
      </Button>
    </form>
  );
}

function ValuePicker({
  dimension,
  values,
  onChange,
}: {
  dimension: string;
  values: string[];
  onChange: (values: string[]) => void;
}) {
  const [search, setSearch] = useState("");
  const { data, error, isPending } = useQuery(valuesQuery(dimension, useDeferredValue(search.trim())));
  const found = (data ?? []).flatMap(({ value, label }) => (value === null ? [] : [{ value, label }]));
  const listed = new Set(found.map(({ value }) => value));
  const items = [
    ...values.filter((value) => !listed.has(value)).map((value) => ({ value, label: null })),
    ...found,
  ];
  return (
    <div className="grid gap-2">
      <SearchField value={search} onChange={setSearch} className="grid gap-1">
        <Label className="text-[13px] text-ink-3">Values</Label>
        <Input placeholder="Search" className={`${inputClass} h-9`} />
      </SearchField>
      <ListBox
        aria-label="Values"
        selectionMode="multiple"
        selectionBehavior="toggle"
        items={items}
        selectedKeys={values}
        onSelectionChange={(keys) => {
          if (keys === "all") return;
          onChange([...keys].map(String));
        }}
        renderEmptyState={() => (
          <p className="px-2 py-3 text-[13px] text-ink-3">
            {error ? "The values could not be loaded." : isPending ? "Loading…" : "No such value."}
          </p>
        )}
        className="h-52 overflow-y-auto rounded-md border border-line p-1 outline-none data-focus-visible:border-accent"
      >
        {({ value, label }) => (
          <ListBoxItem
            id={value}
            textValue={label ?? value}
            className="flex cursor-pointer items-center gap-2.5 rounded px-2 py-1.5 outline-none data-focus-visible:bg-sunken data-hovered:bg-sunken"
          >
            {({ isSelected }) => (
              <>
                <span
                  className={cx(
                    "grid size-4 shrink-0 place-items-center rounded-sm border",
                    isSelected ? "border-accent-fill bg-accent-fill text-on-accent" : "border-line-strong",
                  )}
                >
                  {isSelected && <Icon name="check" className="size-3" />}
                </span>
                <span className="min-w-0 truncate">
                  {label ?? value}
                  {label && label !== value && <span className="ms-2 text-xs text-ink-3">{value}</span>}
                </span>
              </>
            )}
          </ListBoxItem>
        )}
      </ListBox>
    </div>
  );
}
