import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, call } from "~/api/client";
import { schedulesQuery } from "~/api/platform";
import { prefetch } from "~/api/query-client";
import type { Schedule } from "~/api/types";
import { timeLabel } from "~/lib/dates";
import { Button } from "~/ui/Button";
import { Badge, Notice } from "~/ui/Notice";
import { Page } from "~/ui/Page";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { When } from "~/ui/When";
import { everyText } from "./words";

export const loader = () => prefetch(schedulesQuery());

export function Component() {
  const client = useQueryClient();
  const schedules = useQuery(schedulesQuery());
  const start = useMutation({
    mutationFn: (schedule: string) =>
      call(api.POST("/v1/admin/sync/{schedule}", { params: { path: { schedule } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: schedulesQuery().queryKey }),
  });
  return (
    <Page
      title="Schedules"
      intro="What runs by the clock. Any of it can be started now, beside its own times."
    >
      {start.data && (
        <div className="mb-4">
          <Notice tone="good" role="status" title={`${start.data.name} was started`}>
            Asked for {timeLabel(start.data.askedAt)}. Its last run shows here when it ends.
          </Notice>
        </div>
      )}
      {start.error && (
        <div className="mb-4">
          <ErrorState error={start.error} />
        </div>
      )}
      {schedules.error && <ErrorState error={schedules.error} retry={() => schedules.refetch()} />}
      {schedules.isPending && !schedules.error && (
        <Loading label="Loading the schedules">
          <Skeleton className="h-44" />
        </Loading>
      )}
      {schedules.data?.length === 0 && (
        <div className="card">
          <EmptyState title="Nothing runs by the clock" />
        </div>
      )}
      {schedules.data && schedules.data.length > 0 && (
        <Table
          label="Schedules"
          columns={[
            { label: "Schedule" },
            { label: "Last run" },
            { label: "Took" },
            { label: "Next run" },
            { label: "Start", hidden: true },
          ]}
        >
          {schedules.data.map((schedule) => (
            <ScheduleRow
              key={schedule.name}
              schedule={schedule}
              busy={start.isPending && start.variables === schedule.name}
              onStart={() => start.mutate(schedule.name)}
            />
          ))}
        </Table>
      )}
    </Page>
  );
}

function ScheduleRow({
  schedule: { name, everyMinutes, lastRun, nextRunAt },
  busy,
  onStart,
}: {
  schedule: Schedule;
  busy: boolean;
  onStart: () => void;
}) {
  const took = lastRun && (Date.parse(lastRun.endedAt) - Date.parse(lastRun.beganAt)) / 1000;
  return (
    <Row>
      <RowHead note={everyText(everyMinutes)}>{name}</RowHead>
      <Cell label="Last run">
        <span className="inline-flex flex-wrap items-center gap-2">
          <When time={lastRun?.endedAt} />
          {lastRun && (
            <Badge tone={lastRun.outcome === "failed" ? "bad" : "good"}>
              {lastRun.outcome === "failed" ? "Failed" : "Done"}
            </Badge>
          )}
        </span>
      </Cell>
      <Cell label="Took">{took !== null && `${took.toFixed(1)} s`}</Cell>
      <Cell label="Next run">
        {nextRunAt ? (
          <time dateTime={nextRunAt}>{timeLabel(nextRunAt)}</time>
        ) : (
          <span className="text-ink-3">when the clock says</span>
        )}
      </Cell>
      <Cell end>
        <Button size="sm" busy={busy} aria-label={`Start now: ${name}`} onClick={onStart}>
          {busy ? "Starting…" : "Start now"}
        </Button>
      </Cell>
    </Row>
  );
}
