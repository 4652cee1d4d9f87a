import type { ReactNode } from "react";
import { Popover as AriaPopover, Dialog, DialogTrigger } from "react-aria-components";
import { cx } from "./cx";

export const popoverClass = "card pop shadow-pop outline-none";

/** A button with a small window of its own: Escape and clicks outside close it. */
export function Popover({
  label,
  trigger,
  children,
  className,
}: {
  label: string;
  trigger: ReactNode;
  children: (close: () => void) => ReactNode;
  className?: string;
}) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover
        placement="bottom start"
        offset={6}
        className={cx(popoverClass, "max-w-[calc(100vw-2rem)] overflow-auto")}
      >
        <Dialog aria-label={label} className={cx("outline-none", className)}>
          {({ close }) => children(close)}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
