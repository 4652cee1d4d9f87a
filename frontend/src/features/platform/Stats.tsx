import { useQuery } from "@tanstack/react-query";
import { statsQuery } from "~/api/platform";
import { displayCount } from "~/lib/money";
import { ErrorState, Loading, Skeleton } from "~/ui/States";

/** How many there are, above the list of them. */
export function Stats() {
  const stats = useQuery(statsQuery());
  if (stats.error)
    return (
      <div className="mb-5">
        <ErrorState error={stats.error} retry={() => stats.refetch()} />
      </div>
    );
  if (!stats.data)
    return (
      <Loading label="Loading the counts">
        <Skeleton className="mb-5 h-24" />
      </Loading>
    );
  const { tenants, users, globalOwners } = stats.data;
  return (
    <dl className="card mb-5 grid sm:grid-cols-3">
      <Figure label="Companies" value={tenants.total} note={noteOf(tenants)} />
      <Figure label="People" value={users.total} note={noteOf(users)} />
      <Figure label="Global owners" value={globalOwners} note="run the platform" />
    </dl>
  );
}

function Figure({ label, value, note }: { label: string; value: number; note: string }) {
  return (
    <div className="border-line p-4 not-last:border-b sm:not-last:border-e sm:not-last:border-b-0">
      <dt className="text-[13px] text-ink-3">{label}</dt>
      <dd className="font-serif text-2xl font-medium">{displayCount(value)}</dd>
      <dd className="text-[13px] text-ink-3">{note}</dd>
    </div>
  );
}

function noteOf({ suspended, new: fresh }: { suspended: number; new: number }): string {
  const came = `${displayCount(fresh)} new in 30 days`;
  return suspended > 0 ? `${came}, ${displayCount(suspended)} suspended` : came;
}
