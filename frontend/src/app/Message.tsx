import type { ReactNode } from "react";
import { useTitle } from "~/ui/Page";

/** A page that only says something: 404, 403, a crash. */
export function Message({
  code,
  title,
  children,
  actions,
}: {
  code?: string;
  title: string;
  children: ReactNode;
  actions: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="grid min-h-[60dvh] flex-1 place-items-center px-4 py-16">
      <div className="w-full max-w-lg border-s-3 border-double border-margin ps-6">
        {code && <p className="font-mono text-sm text-ink-3">{code}</p>}
        <h1 tabIndex={-1} className="mt-1 font-serif text-3xl font-medium">
          {title}
        </h1>
        <div className="mt-3 text-ink-2">{children}</div>
        <div className="mt-6 flex flex-wrap gap-2">{actions}</div>
      </div>
    </div>
  );
}
