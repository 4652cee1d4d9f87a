import { type ReactNode, useEffect } from "react";

/** Sets the document's title: every page has its own. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Outlay`;
  }, [title]);
}

type Props = { title: string; intro?: ReactNode; aside?: ReactNode; above?: ReactNode; children: ReactNode };

/** A page of the signed-in app: one h1, what belongs beside it, the content. */
export function Page({ title, intro, aside, above, children }: Props) {
  useTitle(title);
  return (
    <div className="mx-auto w-full max-w-[1280px] px-4 pt-6 pb-16 sm:px-8 sm:pt-8">
      {above}
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 tabIndex={-1} className="font-serif text-[26px] leading-tight font-medium break-words">
            {title}
          </h1>
          {intro && <div className="mt-1 text-ink-3">{intro}</div>}
        </div>
        {aside}
      </div>
      {children}
    </div>
  );
}

/** A titled block on a page. */
export function Panel({
  title,
  aside,
  children,
  className = "",
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={`card min-w-0 p-5 ${className}`}>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-[15px] font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
