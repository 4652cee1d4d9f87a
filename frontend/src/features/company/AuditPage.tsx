import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { auditQuery } from "~/api/company";
import { queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import type { AuditEntry } from "~/api/types";
import { Button } from "~/ui/Button";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { When } from "~/ui/When";
import { AuditFilters } from "./AuditFilters";
import { actionText, auditFilter, changesOf, isFiltered } from "./audit";
import { useNames } from "./useNames";

export const loader = async ({ request }: { request: Request }) => {
  const filter = auditFilter(new URL(request.url).searchParams);
  if (await restoreSession()) void queryClient.prefetchInfiniteQuery(auditQuery(filter));
  return null;
};

export function Component() {
  const [search, setSearch] = useSearchParams();
  const filter = auditFilter(search);
  const audit = useInfiniteQuery(auditQuery(filter));
  const names = useNames();
  const entries = audit.data?.pages.flatMap((page) => page.items);
  return (
    <Page title="Audit" intro="Who changed what, when, and from where. Nobody can rewrite it.">
      <AuditFilters key={search.toString()} search={search} onSearch={setSearch} />
      {audit.error && <ErrorState error={audit.error} retry={() => audit.refetch()} />}
      {audit.isPending && !audit.error && (
        <Loading label="Loading the audit">
          <Skeleton className="h-80" />
        </Loading>
      )}
      {entries?.length === 0 && !audit.hasNextPage && (
        <div className="card">
          <EmptyState
            title={isFiltered(filter) ? "Nothing matches" : "Nothing was changed yet"}
            actions={isFiltered(filter) && <Button onClick={() => setSearch({})}>Clear filters</Button>}
          >
            {isFiltered(filter)
              ? "No change in this time is of this kind."
              : "Every change in this company will be told here."}
          </EmptyState>
        </div>
      )}
      {entries && entries.length > 0 && (
        <Table
          label="Audit"
          columns={[
            { label: "When" },
            { label: "Who" },
            { label: "What" },
            { label: "Change" },
            { label: "From where" },
          ]}
        >
          {entries.map((entry) => (
            <EntryRow key={entry.auditId} entry={entry} name={names(entry)} />
          ))}
        </Table>
      )}
      {audit.hasNextPage && (
        <Button className="mt-3" busy={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
          {entries?.length ? "Show earlier changes" : "Look further back"}
        </Button>
      )}
    </Page>
  );
}

function EntryRow({ entry, name }: { entry: AuditEntry; name: string }) {
  const changes = changesOf(entry);
  return (
    <Row>
      <RowHead>
        <span className="font-normal">
          <When time={entry.at} exact />
        </span>
      </RowHead>
      <Cell label="Who">
        <span className="break-words" title={entry.actor.id}>
          {name}
        </span>
      </Cell>
      <Cell label="What">
        <span>
          <span className="block font-medium">{actionText(entry.action)}</span>
          <span className="block font-mono text-xs break-all text-ink-3">{entry.target.id}</span>
        </span>
      </Cell>
      <Cell label="Change">
        {changes.length > 0 && (
          <ul className="grid gap-0.5 text-[13px]">
            {changes.map((change) => (
              <li key={change.field} className="break-words">
                <span className="text-ink-3">{change.field}</span>{" "}
                {change.before !== null && <del className="text-ink-3">{change.before}</del>}{" "}
                {change.after !== null && <ins className="no-underline">{change.after}</ins>}
              </li>
            ))}
          </ul>
        )}
      </Cell>
      <Cell label="From where">
        <span className="text-[13px]" title={entry.origin?.userAgent ?? undefined}>
          {entry.origin?.address ?? <span className="text-ink-3">inside Outlay</span>}
        </span>
      </Cell>
    </Row>
  );
}
