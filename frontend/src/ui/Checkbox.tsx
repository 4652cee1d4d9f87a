import type { ComponentProps, ReactNode } from "react";

/** A box to tick; its note is read with it. */
export function Checkbox({
  label,
  note,
  ...props
}: { label: ReactNode; note?: ReactNode } & Omit<ComponentProps<"input">, "type">) {
  return (
    <label className="flex cursor-pointer items-start gap-2.5">
      <input type="checkbox" {...props} className="mt-0.75 size-4 shrink-0 accent-(--accent-fill)" />
      <span>
        <span className="block text-ink">{label}</span>
        {note && <span className="block text-[13px] text-ink-3">{note}</span>}
      </span>
    </label>
  );
}
