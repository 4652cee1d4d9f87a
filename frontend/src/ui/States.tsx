import type { ReactNode } from "react";
import { ApiError, asApiError, isOutdated, isRetryable } from "~/api/problem";
import { Button } from "./Button";
import { Notice } from "./Notice";

/** A failed call: what happened, what to do, and the id to quote to support. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { problem, retryAfter } = asApiError(error);
  return (
    <Notice
      tone="bad"
      role="alert"
      title={problem.title}
      actions={
        retry && (
          <Button size="sm" onClick={retry}>
            {isOutdated(error) ? "Read it again" : "Try again"}
          </Button>
        )
      }
    >
      <p>
        {isOutdated(error) ? "Nothing was saved. Read it again, and decide anew." : problem.detail}
        {retryAfter !== null && ` You can try again in ${retryAfter} seconds.`}
      </p>
      {problem.errors && problem.errors.length > 0 && (
        <ul className="mt-1 list-disc ps-5">
          {problem.errors.map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              <code className="font-mono text-xs">{pointer}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      {problem.requestId && (
        <p className="mt-1 text-xs text-ink-3">
          Request <code className="font-mono">{problem.requestId}</code>
        </p>
      )}
    </Notice>
  );
}

export function EmptyState({
  title,
  children,
  actions,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <p className="font-serif text-lg font-medium">{title}</p>
      {children && <div className="mt-1 max-w-md text-ink-3">{children}</div>}
      {actions && <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden="true" className={`skeleton ${className}`} />;
}

/** Says once to screen readers that the page is loading, and shows its bones to everyone else. */
export function Loading({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div aria-busy="true">
      <span role="status" className="sr-only">
        {label}
      </span>
      {children}
    </div>
  );
}

export function retryAgain(error: unknown): boolean {
  return error instanceof ApiError && isRetryable(error);
}
