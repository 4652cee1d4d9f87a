import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { dimensionsQuery } from "~/api/queries";
import type { Condition, Filter } from "~/api/types";
import {
  asConditions,
  FilterSyntaxError,
  formatFilter,
  fromConditions,
  OPERATOR_WORDS,
  parseFilter,
  takesValues,
} from "~/lib/filter";
import { dimensionLabel } from "~/lib/labels";
import { Button, buttonClass } from "~/ui/Button";
import { inputClass } from "~/ui/Field";
import { Icon } from "~/ui/Icon";
import { Popover } from "~/ui/Popover";
import { FilterEditor } from "./FilterEditor";

/** The filter as removable chips, or as text; both write the same expression. */
export function Filters({
  filter,
  onChange,
}: {
  filter: Filter | null;
  onChange: (filter: Filter | null) => void;
}) {
  const [asText, setAsText] = useState(false);
  const conditions = asConditions(filter);
  if (asText) {
    return (
      <FilterText
        filter={filter}
        onApply={(next) => {
          onChange(next);
          setAsText(false);
        }}
        onCancel={() => setAsText(false)}
      />
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      {conditions ? (
        <Chips conditions={conditions} onChange={(next) => onChange(fromConditions(next))} />
      ) : (
        <span className="flex min-w-0 items-center gap-1 rounded-md bg-accent-soft ps-2.5 text-accent">
          <code className="truncate font-mono text-xs">{formatFilter(filter)}</code>
          <RemoveButton label="Remove filter" onClick={() => onChange(null)} />
        </span>
      )}
      <span className="ms-auto flex gap-1">
        {filter && (
          <Button variant="quiet" size="sm" onClick={() => onChange(null)}>
            Clear all
          </Button>
        )}
        <Button variant="quiet" size="sm" onClick={() => setAsText(true)}>
          Filter as text
        </Button>
      </span>
    </div>
  );
}

function Chips({
  conditions,
  onChange,
}: {
  conditions: Condition[];
  onChange: (conditions: Condition[]) => void;
}) {
  const { data: known } = useQuery(dimensionsQuery());
  return (
    <>
      <ul aria-label="Filters" className="contents">
        {conditions.map((condition, i) => {
          const name = dimensionLabel(condition.dimension, known);
          const text = `${name} ${conditionWords(condition)}`;
          return (
            <li
              key={formatFilter(condition)}
              className="flex max-w-full items-center rounded-md bg-accent-soft text-accent"
            >
              <Popover
                label={`Change filter ${text}`}
                trigger={
                  <AriaButton className="h-8 min-w-0 truncate ps-2.5 pe-1 text-[13px]">
                    <span className="font-semibold">{name}</span> {conditionWords(condition)}
                  </AriaButton>
                }
              >
                {(close) => (
                  <FilterEditor
                    condition={condition}
                    onApply={(next) => {
                      onChange(conditions.with(i, next));
                      close();
                    }}
                  />
                )}
              </Popover>
              <RemoveButton
                label={`Remove filter ${text}`}
                onClick={() => onChange(conditions.filter((_, at) => at !== i))}
              />
            </li>
          );
        })}
      </ul>
      <Popover
        label="Add filter"
        trigger={
          <AriaButton className={buttonClass({ size: "sm" })}>
            <Icon name="plus" className="size-3.5" /> Add filter
          </AriaButton>
        }
      >
        {(close) => (
          <FilterEditor
            condition={null}
            onApply={(next) => {
              onChange([...conditions, next]);
              close();
            }}
          />
        )}
      </Popover>
    </>
  );
}

function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className="grid size-8 shrink-0 place-items-center rounded-md hover:bg-surface"
    >
      <Icon name="close" className="size-3.5" />
    </button>
  );
}

/** "is Amazon EC2 or Amazon S3", "is empty" */
function conditionWords({ operator, values = [] }: Condition): string {
  if (!takesValues(operator)) return OPERATOR_WORDS[operator];
  const shown = values.length > 3 ? [...values.slice(0, 2), `${values.length - 2} more`] : values;
  return `${OPERATOR_WORDS[operator]} ${shown.join(" or ")}`;
}

function FilterText({
  filter,
  onApply,
  onCancel,
}: {
  filter: Filter | null;
  onApply: (filter: Filter | null) => void;
  onCancel: () => void;
}) {
  const id = useId();
  const [text, setText] = useState(formatFilter(filter));
  const [problem, setProblem] = useState<string | null>(null);
  const apply = () => {
    try {
      onApply(parseFilter(text));
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label htmlFor={id} className="text-[13px] text-ink-3">
        Filter, for example{" "}
        <code className="font-mono">ServiceName in ("Amazon EC2") and not (tag:team is null)</code>
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          spellCheck={false}
          className={`${inputClass} h-9 min-w-0 flex-1 basis-80 font-mono text-[13px]`}
        />
        <Button type="submit" variant="primary">
          Apply
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
      {problem && (
        <p id={`${id}-problem`} role="alert" className="text-[13px] font-medium text-bad">
          {problem}
        </p>
      )}
    </form>
  );
}
