import type { ReactNode } from "react";
import { useTitle } from "~/ui/Page";

export function AccountCard({
  title,
  intro,
  children,
  below,
}: {
  title: string;
  intro: ReactNode;
  children: ReactNode;
  below?: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="ledger grid flex-1 place-items-center px-4 py-12">
      <div className="card w-full max-w-[420px] p-7 shadow-card sm:p-9">
        <h1 tabIndex={-1} className="font-serif text-2xl font-medium">
          {title}
        </h1>
        <div className="mt-1.5 mb-6 text-ink-3">{intro}</div>
        {children}
        {below && <div className="mt-6 border-t border-line pt-5 text-ink-2">{below}</div>}
      </div>
    </div>
  );
}
