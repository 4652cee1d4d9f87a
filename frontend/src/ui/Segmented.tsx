import { useId } from "react";
import { cx } from "./cx";

export type Option<T extends string> = { value: T; label: string; disabled?: string };

/** One of a few, side by side: radio buttons under the hood. A disabled one says why. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: Option<T>[];
  value: T;
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="inline-flex rounded-md border border-line-strong bg-surface p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          title={option.disabled}
          className={cx(
            "relative flex h-7.5 items-center rounded px-2.5 text-[13px] font-medium",
            "has-focus-visible:outline-2 has-focus-visible:outline-accent",
            option.value === value ? "bg-accent-soft text-accent" : "text-ink-2",
            option.disabled ? "cursor-not-allowed text-ink-3 line-through" : "cursor-pointer hover:text-ink",
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled !== undefined}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-[inherit] appearance-none outline-none"
          />
          <span className="relative">{option.label}</span>
          {option.disabled && <span className="sr-only">, {option.disabled}</span>}
        </label>
      ))}
    </fieldset>
  );
}
