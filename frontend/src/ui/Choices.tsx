import { type Ref, useId } from "react";

export type Choice<T extends string> = { value: T; label: string; note?: string | undefined };

/** One of a few that need a word each: radio buttons, with their notes. */
export function Choices<T extends string>({
  legend,
  choices,
  value,
  onChange,
  ref,
}: {
  legend: string;
  choices: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
  /** The one that is chosen. */
  ref?: Ref<HTMLInputElement>;
}) {
  const name = useId();
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 font-medium text-ink">{legend}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className="flex cursor-pointer items-start gap-2.5 rounded-md border border-line px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            ref={choice.value === value ? ref : undefined}
            onChange={() => onChange(choice.value)}
            className="mt-0.75 size-4 shrink-0 accent-(--accent-fill)"
          />
          <span>
            <span className="block font-medium text-ink">{choice.label}</span>
            {choice.note && <span className="block text-[13px] text-ink-3">{choice.note}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
