import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cx } from "./cx";

/** A button that shows a panel of buttons and links. Escape, a click elsewhere, or leaving it closes it. */
export function Disclosure({
  label,
  trigger,
  children,
  className,
  buttonClass,
  panelClass,
}: {
  /** Said before what the trigger shows. */
  label: string;
  trigger: ReactNode;
  children: (close: () => void) => ReactNode;
  className?: string;
  buttonClass?: string;
  panelClass?: string;
}) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    const onPoint = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", onPoint);
    document.addEventListener("focusin", onPoint);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onPoint);
      document.removeEventListener("focusin", onPoint);
    };
  }, [open]);

  return (
    <div ref={box} className={cx("relative", className)}>
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className={buttonClass}
      >
        <span className="sr-only">{label}</span>
        {trigger}
      </button>
      {open && (
        <div id={id} className={cx("card pop absolute z-40 p-1.5 shadow-pop", panelClass)}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}

/** One line of such a panel, for links and buttons alike. */
export const disclosureItemClass =
  "flex w-full items-center gap-3 rounded-md px-2.5 py-2 text-start font-medium text-ink-2 hover:bg-sunken hover:text-ink disabled:opacity-60";
