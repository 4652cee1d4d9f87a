import { useQuery } from "@tanstack/react-query";
import { usageQuery } from "~/api/company";
import type { Usage } from "~/api/types";
import { sizeLabel } from "~/lib/dates";
import { displayCount } from "~/lib/money";
import { Panel } from "~/ui/Page";
import { ErrorState, Loading, Skeleton } from "~/ui/States";

export function UsagePanel() {
  const usage = useQuery(usageQuery());
  return (
    <Panel title="What it uses">
      {usage.error && <ErrorState error={usage.error} retry={() => usage.refetch()} />}
      {usage.isPending && !usage.error && (
        <Loading label="Loading what the company uses">
          <Skeleton className="h-48" />
        </Loading>
      )}
      {usage.data && (
        <dl>
          {figures(usage.data).map(([label, figure]) => (
            <div
              key={label}
              className="flex justify-between gap-4 border-b border-line py-2 first:pt-0 last:border-0"
            >
              <dt className="text-ink-2">{label}</dt>
              <dd className="font-medium">{figure}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

function figures(usage: Usage): [string, string][] {
  return [
    ["People", displayCount(usage.members)],
    ["Open invitations", displayCount(usage.openInvites)],
    ["API tokens", displayCount(usage.apiTokens)],
    ["Files kept", `${displayCount(usage.uploads)}, ${sizeLabel(usage.uploadedBytes)}`],
    ["Sources of bills", displayCount(usage.sources)],
    ["Months with a bill", displayCount(usage.billingPeriods)],
    ["Rows in them", displayCount(usage.rows)],
  ];
}
