import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type LoaderFunctionArgs, useParams } from "react-router";
import { receiptQuery } from "~/api/company";
import { isMissing } from "~/api/problem";
import { queryClient } from "~/api/query-client";
import type { OffboardingReceipt } from "~/api/types";
import { paths } from "~/app/paths";
import { displayCount } from "~/lib/money";
import { ButtonLink } from "~/ui/Button";
import { CopyField } from "~/ui/CopyField";
import { Icon } from "~/ui/Icon";
import { useTitle } from "~/ui/Page";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { When } from "~/ui/When";
import { headlineOf, STEPS, stepOf } from "./receipt";

export const loader = ({ params }: LoaderFunctionArgs) => {
  void queryClient.prefetchQuery(receiptQuery(named(params)));
  return null;
};

/** What the address names: the API's receipt is both, joined by a dot. */
function named({ company = "", secret = "" }: Readonly<Record<string, string | undefined>>): string {
  return `${company}.${secret}`;
}

/** Public: whoever has its address may read it, because nobody of the company can sign in any more. */
export function Component() {
  const answer = useQuery(receiptQuery(named(useParams())));
  if (!answer.data && isMissing(answer.error)) return <Missing />;
  const [title, text] = headlineOf(answer.data?.stage);
  return (
    <Sheet title={title} text={text}>
      <div className="mt-6">
        <CopyField label="Address of this receipt" value={window.location.href} />
      </div>
      {answer.error && (
        <div className="mt-6">
          <ErrorState error={answer.error} retry={() => answer.refetch()} />
        </div>
      )}
      {answer.isPending && !answer.error && (
        <Loading label="Loading the receipt">
          <Skeleton className="mt-6 h-64" />
        </Loading>
      )}
      {answer.data && <Progress receipt={answer.data} />}
    </Sheet>
  );
}

function Missing() {
  return (
    <Sheet
      title="There is no such receipt"
      text="Check that the address was copied as a whole. It was shown once, to the owner who deleted the company, and nobody can look it up."
    >
      <div className="mt-6">
        <ButtonLink to={paths.home}>Go to the start page</ButtonLink>
      </div>
    </Sheet>
  );
}

function Sheet({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  useTitle(title);
  return (
    <div className="mx-auto w-full max-w-[720px] px-4 py-14 sm:px-8">
      <h1 tabIndex={-1} className="font-serif text-3xl font-medium">
        {title}
      </h1>
      <p className="mt-2 text-ink-2">{text}</p>
      {children}
    </div>
  );
}

function Progress({ receipt }: { receipt: OffboardingReceipt }) {
  const now = stepOf(receipt.stage);
  const removed = Object.entries(receipt.removed);
  return (
    <>
      <p role="status" className="sr-only">
        {receipt.stage === "finished" ? "Finished" : STEPS[now]?.[1]}
      </p>
      <ol aria-label="Progress" className="card mt-6 p-5">
        {STEPS.map(([stage, text], index) => (
          <li
            key={stage}
            aria-current={index === now ? "step" : undefined}
            className="flex items-center gap-3 py-1.5"
          >
            <Icon
              name={index < now ? "check" : "dot"}
              className={index <= now ? "size-4 text-accent" : "size-4 text-line-strong"}
            />
            <span className={index === now ? "font-medium" : index < now ? "text-ink-2" : "text-ink-3"}>
              {text}
              {index < now && <span className="sr-only">, done</span>}
            </span>
          </li>
        ))}
      </ol>
      <dl className="card mt-5 grid gap-x-6 gap-y-2.5 p-5 sm:grid-cols-[160px_minmax(0,1fr)]">
        <dt className="text-ink-3">Company</dt>
        <dd className="font-mono text-[13px] break-all">{receipt.tenantId}</dd>
        <dt className="text-ink-3">Asked for by</dt>
        <dd className="font-mono text-[13px] break-all">{receipt.requestedBy}</dd>
        <dt className="text-ink-3">Asked for</dt>
        <dd>
          <When time={receipt.requestedAt} exact />
        </dd>
        <dt className="text-ink-3">Finished</dt>
        <dd>{receipt.finishedAt ? <When time={receipt.finishedAt} exact /> : "not yet"}</dd>
        {removed.map(([kind, count]) => (
          <div key={kind} className="contents">
            <dt className="text-ink-3">Removed {kind}</dt>
            <dd>{displayCount(count)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
