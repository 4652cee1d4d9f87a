import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { logsQuery } from "~/api/platform";
import type { LogLine } from "~/api/types";
import { timeLabel } from "~/lib/dates";
import { Button } from "~/ui/Button";
import { cx } from "~/ui/cx";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { logFilter } from "./filters";
import { LogFilters } from "./LogFilters";

export function Component() {
  const [search, setSearch] = useSearchParams();
  const [now, setNow] = useState(Date.now);
  const logs = useInfiniteQuery(logsQuery(logFilter(search, now)));
  const lines = logs.data?.pages.flatMap((page) => page.items);
  return (
    <Page title="Logs" intro="What the functions wrote, oldest first. Reading them is told in the audit.">
      <LogFilters
        key={search.toString()}
        search={search}
        onSearch={(next) => {
          setNow(Date.now());
          setSearch(next);
        }}
      />
      {logs.error && <ErrorState error={logs.error} retry={() => logs.refetch()} />}
      {logs.isPending && !logs.error && (
        <Loading label="Loading the logs">
          <Skeleton className="h-96" />
        </Loading>
      )}
      {lines?.length === 0 && !logs.hasNextPage && (
        <div className="card">
          <EmptyState title="No line matches">Take a longer time, or a lower level.</EmptyState>
        </div>
      )}
      {lines && lines.length > 0 && (
        <ol aria-label="Log lines" className="card overflow-hidden">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no id, and none is ever moved
            <Line key={index} line={line} />
          ))}
        </ol>
      )}
      {logs.hasNextPage && (
        <Button className="mt-3" busy={logs.isFetchingNextPage} onClick={() => logs.fetchNextPage()}>
          Show later lines
        </Button>
      )}
    </Page>
  );
}

const INKS: Record<LogLine["level"], string> = {
  trace: "text-ink-3",
  debug: "text-ink-3",
  info: "text-ink-2",
  warn: "text-warn",
  error: "text-bad",
};

function Line({ line }: { line: LogLine }) {
  const more = { ...line.fields, requestId: line.requestId, tenantId: line.tenantId };
  return (
    <li className="border-b border-line last:border-0">
      <details className="group">
        <summary className="flex flex-wrap gap-x-3 px-4 py-2 hover:bg-sunken/60 sm:grid sm:grid-cols-[150px_52px_150px_minmax(0,1fr)]">
          <time dateTime={line.at} className="text-[13px] text-ink-3">
            {timeLabel(line.at).replace(" UTC", "")}
          </time>
          <span className={cx("text-[13px] font-semibold", INKS[line.level])}>{line.level}</span>
          <span className="truncate text-[13px] text-ink-3">{line.function ?? line.domain}</span>
          <span className="min-w-0 basis-full break-words group-open:font-medium">{line.message}</span>
        </summary>
        <dl className="grid gap-x-4 gap-y-1 bg-sunken/60 px-4 py-3 font-mono text-xs sm:grid-cols-[220px_minmax(0,1fr)]">
          <dt className="text-ink-3">at</dt>
          <dd>{line.at}</dd>
          {Object.entries(more).map(
            ([name, value]) =>
              value !== null && (
                <div key={name} className="contents">
                  <dt className="break-all text-ink-3">{name}</dt>
                  <dd className="break-all">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
                </div>
              ),
          )}
        </dl>
      </details>
    </li>
  );
}
