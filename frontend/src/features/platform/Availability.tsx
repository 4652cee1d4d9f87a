import type { Operations } from "~/api/types";
import { monthLabel } from "~/lib/dates";
import { Badge } from "~/ui/Notice";
import { Cell, Row, RowHead, Table } from "~/ui/Table";
import { durationText } from "./words";

/** What was promised and what was kept: a row for each service, a column for each month. */
export function Availability({ health }: { health: Operations }) {
  const months = [...new Set(health.months.map((of) => of.month))];
  const services = [...new Set(health.months.map((of) => of.service))];
  return (
    <section className="mt-8">
      <h2 className="text-[15px] font-semibold">Availability</h2>
      <p className="mt-0.5 mb-3 text-[13px] text-ink-3">
        Promised: {health.slaTarget} % of each month. Computed from the downtimes below, rounded down.
      </p>
      {services.length === 0 ? (
        <p className="text-ink-3">Nothing was watched in this time.</p>
      ) : (
        <Table
          label="Availability"
          columns={[
            { label: "Service" },
            ...months.map((month) => ({ label: monthLabel(month), end: true })),
          ]}
        >
          {services.map((service) => (
            <Row key={service}>
              <RowHead>{service}</RowHead>
              {months.map((month) => (
                <Cell key={month} label={monthLabel(month)} end>
                  <Month of={health.months.find((of) => of.service === service && of.month === month)} />
                </Cell>
              ))}
            </Row>
          ))}
        </Table>
      )}
    </section>
  );
}

function Month({ of }: { of: Operations["months"][number] | undefined }) {
  if (!of?.availability) return <span className="text-ink-3">not watched</span>;
  return (
    <span>
      <span className="inline-flex items-center gap-2">
        {!of.kept && <Badge tone="bad">Missed</Badge>}
        {of.availability} %
      </span>
      {of.downSeconds > 0 && (
        <span className="block text-[13px] text-ink-3">{durationText(of.downSeconds)} down</span>
      )}
    </span>
  );
}
