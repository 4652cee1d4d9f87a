import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";

export const inputClass = cx(
  "w-full rounded-md border border-line-strong bg-surface px-3 text-ink placeholder:text-ink-3",
  "hover:border-ink-3 focus:border-accent focus:outline-2 focus:outline-accent aria-invalid:border-bad",
);

type FieldProps = { label: string; hint?: ReactNode; error?: string | undefined };

/** A labelled input; hint and error are tied to it. Works with react-hook-form's `register`. */
export function TextField({ label, hint, error, ...props }: FieldProps & ComponentProps<"input">) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <input
        id={id}
        {...props}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        className={cx(inputClass, "h-10", props.className)}
      />
    </Around>
  );
}

export function TextArea({ label, hint, error, ...props }: FieldProps & ComponentProps<"textarea">) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        rows={5}
        {...props}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        className={cx(inputClass, "py-2")}
      />
    </Around>
  );
}

/** One of a few, as the system shows it. */
export function SelectField({
  label,
  hint,
  error,
  children,
  ...props
}: FieldProps & ComponentProps<"select">) {
  const id = useId();
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        {...props}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(id, hint, error)}
        className={cx(inputClass, "h-10", props.className)}
      >
        {children}
      </select>
    </Around>
  );
}

function Around({ id, label, hint, error, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium text-ink">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-[13px] text-ink-3">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-[13px] font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, hint: ReactNode, error: string | undefined): string | undefined {
  return cx(Boolean(hint) && `${id}-hint`, Boolean(error) && `${id}-error`) || undefined;
}
