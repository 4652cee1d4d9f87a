import type { ReactNode } from "react";

/** Something wide that scrolls sideways, by keyboard too. */
export function ScrollRegion({
  label,
  className = "",
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
    <section tabIndex={0} aria-label={label} className={`relative overflow-x-auto ${className}`}>
      {children}
    </section>
  );
}
