import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";

type Tone = "info" | "good" | "warn" | "bad";

const TONES: Record<Tone, { box: string; icon: IconName; ink: string }> = {
  info: { box: "bg-accent-soft border-accent/25", icon: "dot", ink: "text-accent" },
  good: { box: "bg-good-soft border-good/25", icon: "check", ink: "text-good" },
  warn: { box: "bg-warn-soft border-warn/25", icon: "alert", ink: "text-warn" },
  bad: { box: "bg-bad-soft border-bad/25", icon: "alert", ink: "text-bad" },
};

export function Notice({
  tone = "info",
  title,
  children,
  actions,
  role,
}: {
  tone?: Tone;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  role?: "alert" | "status";
}) {
  const { box, icon, ink } = TONES[tone];
  return (
    <div
      role={role}
      className={cx("flex flex-wrap items-start gap-x-4 gap-y-2 rounded-lg border px-4 py-3", box)}
    >
      <div className="flex min-w-0 flex-1 basis-60 gap-3">
        <Icon name={icon} className={cx("mt-0.5 size-4", ink)} />
        <div className="min-w-0">
          {title && <p className={cx("font-semibold", ink)}>{title}</p>}
          {children && <div className="break-words text-ink-2">{children}</div>}
        </div>
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}

export function Badge({ tone, children }: { tone: Tone | "plain"; children: ReactNode }) {
  const look = tone === "plain" ? "bg-sunken text-ink-2" : cx(TONES[tone].ink, TONES[tone].box.split(" ")[0]);
  return (
    <span className={cx("inline-flex items-center gap-1.5 rounded px-1.5 py-0.5 text-xs font-medium", look)}>
      {children}
    </span>
  );
}
