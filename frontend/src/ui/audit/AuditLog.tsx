import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import type { auditQuery } from "~/api/audit";
import type { AuditEntry } from "~/api/types";
import { actionText, auditFilter, changesOf, isFiltered } from "~/lib/audit";
import { Button } from "../Button";
import { EmptyState, ErrorState, Loading, Skeleton } from "../States";
import { Cell, Row, RowHead, Table } from "../Table";
import { When } from "../When";
import { AuditFilters, type AuditSubjects } from "./AuditFilters";

/** A log of what was done, newest first. The filter is the page's address. */
export function AuditLog({
  query,
  subjects,
  who,
  target = (entry) => entry.target.id,
  empty,
}: {
  query: typeof auditQuery;
  subjects: AuditSubjects;
  who: (entry: AuditEntry) => ReactNode;
  target?: (entry: AuditEntry) => ReactNode;
  /** What will stand here, where nothing does yet. */
  empty: string;
}) {
  const [search, setSearch] = useSearchParams();
  const filter = auditFilter(search);
  const audit = useInfiniteQuery(query(filter));
  const entries = audit.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <AuditFilters key={search.toString()} subjects={subjects} search={search} onSearch={setSearch} />
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
            {isFiltered(filter) ? "No change in this time is of this kind." : empty}
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
            <EntryRow key={entry.auditId} entry={entry} who={who(entry)} target={target(entry)} />
          ))}
        </Table>
      )}
      {audit.hasNextPage && (
        <Button className="mt-3" busy={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
          {entries?.length ? "Show earlier changes" : "Look further back"}
        </Button>
      )}
    </>
  );
}

function EntryRow({ entry, who, target }: { entry: AuditEntry; who: ReactNode; target: ReactNode }) {
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
          {who}
        </span>
      </Cell>
      <Cell label="What">
        <span>
          <span className="block font-medium">{actionText(entry.action)}</span>
          <span className="block font-mono text-xs break-all text-ink-3">{target}</span>
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
