import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { operationsQuery } from "~/api/platform";
import { prefetch } from "~/api/query-client";
import type { Operations } from "~/api/types";
import { timeLabel } from "~/lib/dates";
import { displayCount } from "~/lib/money";
import { Badge, Notice } from "~/ui/Notice";
import { Page } from "~/ui/Page";
import { Segmented } from "~/ui/Segmented";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { When } from "~/ui/When";
import { Availability } from "./Availability";
import { durationText } from "./words";

const MONTHS = ["1", "3", "12"] as const;
const USUAL = "3";

export const loader = () => prefetch(operationsQuery(Number(USUAL)));

export function Component() {
  const [months, setMonths] = useState<(typeof MONTHS)[number]>(USUAL);
  const health = useQuery(operationsQuery(Number(months)));
  return (
    <Page
      title="Health"
      intro={
        health.data?.asOf ? (
          <>
            As the monitor saw it <When time={health.data.asOf} />
          </>
        ) : (
          "What runs, what waits, and how well it went."
        )
      }
      aside={
        <Segmented
          label="How far back"
          value={months}
          options={MONTHS.map((count) => ({
            value: count,
            label: count === "1" ? "This month" : `${count} months`,
          }))}
          onChange={setMonths}
        />
      }
    >
      {health.error && <ErrorState error={health.error} retry={() => health.refetch()} />}
      {health.isPending && !health.error && (
        <Loading label="Loading the health">
          <Skeleton className="h-64" />
          <Skeleton className="mt-6 h-48" />
        </Loading>
      )}
      {health.data && <Filled health={health.data} />}
    </Page>
  );
}

function Filled({ health }: { health: Operations }) {
  const down = health.services.filter((service) => service.state === "down");
  const dead = health.services.reduce((sum, service) => sum + (service.queue?.dead ?? 0), 0);
  if (!health.asOf)
    return (
      <div className="card">
        <EmptyState title="The monitor did not look yet">
          It runs by the clock; start it under Schedules to look at once.
        </EmptyState>
      </div>
    );
  return (
    <>
      <div className="mb-5 grid gap-3">
        {down.length === 0 ? (
          <Notice tone="good" title="Everything is up" />
        ) : (
          <Notice
            tone="bad"
            role="alert"
            title={down.length === 1 ? "1 service is down" : `${down.length} services are down`}
          >
            {down.map((service) => service.name).join(", ")}
          </Notice>
        )}
        {dead > 0 && (
          <Notice tone="warn" title={`${displayCount(dead)} messages were given up`}>
            They failed five times. The log of their domain says why; the runbook says how to send them again.
          </Notice>
        )}
      </div>
      <Services health={health} />
      <Availability health={health} />
      <Downtimes health={health} />
    </>
  );
}

function Services({ health }: { health: Operations }) {
  return (
    <Table
      label="Services"
      columns={[
        { label: "Service" },
        { label: "State" },
        { label: "Last sign of life" },
        { label: "Waiting", end: true },
        { label: "In work", end: true },
        { label: "Given up", end: true },
      ]}
    >
      {health.services.map((service) => (
        <Row key={service.name}>
          <RowHead>{service.name}</RowHead>
          <Cell label="State">
            {service.state === "up" ? (
              <Badge tone="good">Up</Badge>
            ) : (
              <Badge tone="bad">Down{service.downSince && ` since ${timeLabel(service.downSince)}`}</Badge>
            )}
          </Cell>
          <Cell label="Last sign of life">
            <When time={service.lastSignAt} />
          </Cell>
          <Cell label="Waiting" end>
            {service.queue && displayCount(service.queue.waiting)}
          </Cell>
          <Cell label="In work" end>
            {service.queue && displayCount(service.queue.inFlight)}
          </Cell>
          <Cell label="Given up" end>
            {service.queue && displayCount(service.queue.dead)}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function Downtimes({ health }: { health: Operations }) {
  return (
    <section className="mt-8">
      <h2 className="mb-3 text-[15px] font-semibold">Downtimes</h2>
      {health.downtimes.length === 0 ? (
        <p className="text-ink-3">None in this time.</p>
      ) : (
        <Table
          label="Downtimes"
          columns={[{ label: "Service" }, { label: "Began" }, { label: "Ended" }, { label: "Lasted" }]}
        >
          {health.downtimes.map((downtime) => (
            <Row key={downtime.service + downtime.beganAt}>
              <RowHead>{downtime.service}</RowHead>
              <Cell label="Began">{timeLabel(downtime.beganAt)}</Cell>
              <Cell label="Ended">
                {downtime.endedAt ? timeLabel(downtime.endedAt) : <Badge tone="bad">Not yet</Badge>}
              </Cell>
              <Cell label="Lasted">
                {durationText(
                  (Date.parse(downtime.endedAt ?? new Date().toISOString()) - Date.parse(downtime.beganAt)) /
                    1000,
                )}
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </section>
  );
}
