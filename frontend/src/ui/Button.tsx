import type { ComponentProps } from "react";
import { Link, type LinkProps } from "react-router";
import { cx } from "./cx";

type Look = { variant?: "primary" | "secondary" | "quiet" | "danger"; size?: "sm" | "md" | "lg" };

/** The look of a button, for whatever element has to be one. */
export function buttonClass({ variant = "secondary", size = "md" }: Look = {}): string {
  return cx(
    "inline-flex items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-60 data-disabled:opacity-60",
    size === "sm" && "h-7 px-2.5 text-[13px]",
    size === "md" && "h-9 px-3.5",
    size === "lg" && "h-11 px-5 text-[15px]",
    variant === "primary" && "bg-accent-fill text-on-accent hover:brightness-90",
    variant === "secondary" && "border border-line-strong bg-surface text-ink hover:bg-sunken",
    variant === "quiet" && "text-ink-2 hover:bg-sunken hover:text-ink",
    variant === "danger" && "bg-bad-fill text-on-accent hover:brightness-90",
  );
}

export function Button({
  variant,
  size,
  className,
  busy,
  ...props
}: ComponentProps<"button"> & Look & { busy?: boolean }) {
  return (
    <button
      type="button"
      {...props}
      disabled={props.disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass({ variant, size }), className)}
    />
  );
}

export function ButtonLink({ variant, size, className, ...props }: LinkProps & Look) {
  return <Link {...props} className={cx(buttonClass({ variant, size }), className)} />;
}
