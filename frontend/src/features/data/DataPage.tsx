import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { useAccount, useMay } from "~/api/account";
import { uploadsQuery } from "~/api/queries";
import { queryClient } from "~/api/query-client";
import { restoreSession } from "~/api/session";
import type { Upload } from "~/api/types";
import { paths } from "~/app/paths";
import { may } from "~/lib/access";
import { agoLabel, monthLabel, sizeLabel, timeLabel } from "~/lib/dates";
import { displayCount } from "~/lib/money";
import { Amount } from "~/ui/Amount";
import { Button } from "~/ui/Button";
import { Icon } from "~/ui/Icon";
import { Badge } from "~/ui/Notice";
import { Page } from "~/ui/Page";
import { ScrollRegion } from "~/ui/ScrollRegion";
import { EmptyState, ErrorState, Loading, Skeleton } from "~/ui/States";
import { DeleteDialog } from "./DeleteDialog";
import { DropZone } from "./DropZone";
import { statusText, statusTone } from "./steps";
import { billedTotals } from "./totals";
import { useStartUpload } from "./useStartUpload";

type Start = ReturnType<typeof useStartUpload>;

export const loader = async () => {
  if (await restoreSession()) void queryClient.prefetchInfiniteQuery(uploadsQuery());
  return null;
};

export function Component() {
  const uploads = useInfiniteQuery(uploadsQuery());
  const start = useStartUpload();
  const account = useAccount();
  const mayUpload = may(account.data, "uploads:write");
  const items = uploads.data?.pages.flatMap((page) => page.items);
  return (
    <Page
      title="Data"
      intro="The bills behind every figure: what arrived, what became of it, and what counts."
    >
      {items?.length === 0 && mayUpload && <FirstBill start={start} />}
      {items?.length === 0 && account.isSuccess && !mayUpload && (
        <div className="card">
          <EmptyState title="No bills yet">
            Your role looks at bills. Somebody of your team who may upload brings the first one in.
          </EmptyState>
        </div>
      )}
      {(items?.length || uploads.error) && mayUpload && <NextBill start={start} />}
      {start.error && (
        <div className="mt-4">
          <ErrorState error={start.error} />
        </div>
      )}
      {uploads.error && (
        <div className="mt-5">
          <ErrorState error={uploads.error} retry={() => uploads.refetch()} />
        </div>
      )}
      {uploads.isPending && !uploads.error && (
        <Loading label="Loading the uploads">
          <Skeleton className="h-28" />
          <Skeleton className="mt-8 h-64" />
        </Loading>
      )}
      {items && items.length > 0 && (
        <History uploads={items}>
          {uploads.hasNextPage && (
            <Button busy={uploads.isFetchingNextPage} onClick={() => uploads.fetchNextPage()}>
              Show earlier uploads
            </Button>
          )}
        </History>
      )}
    </Page>
  );
}

const NEXT: [string, string][] = [
  ["Reading", "Every row is read as it is written; amounts stay exact decimals."],
  ["Checking", "Rows and totals must equal the file's own. A broken row is named, and nothing changes."],
  ["Switching", "The bill goes live in one step, and the Overview and the Explorer open on it."],
];

/** The first run: two ways to a first bill, and no empty charts. */
function FirstBill({ start }: { start: Start }) {
  return (
    <DropZone
      primary
      label="Upload a bill"
      busy={start.isPending}
      onFile={start.mutate}
      more={
        <Button size="lg" disabled={start.isPending} onClick={() => start.mutate("sample")}>
          Load a sample bill
        </Button>
      }
    >
      <div className="grid gap-x-16 gap-y-6 lg:grid-cols-[1.2fr_1fr]">
        <div>
          <h2 className="font-serif text-2xl font-medium">Start with one bill</h2>
          <p className="mt-2 max-w-[60ch] text-ink-2">
            Upload a billing export of your provider and see it in a minute. No export at hand? The sample
            bill is a made-up company's; it comes in the same way, and you remove it with one click.
          </p>
          <p className="mt-2 max-w-[60ch] text-[13px] text-ink-3">
            FOCUS 1.0 to 1.4, an AWS Cost and Usage Report (legacy or 2.0), Azure cost details, a Google Cloud
            billing export or an OCI cost report; CSV or Parquet, plain, gzip, zstd or zip.
          </p>
        </div>
        <dl className="border-margin border-s-3 border-double ps-6">
          {NEXT.map(([step, text]) => (
            <div key={step} className="mb-3 last:mb-0">
              <dt className="font-medium">{step}</dt>
              <dd className="text-[13px] text-ink-3">{text}</dd>
            </div>
          ))}
        </dl>
      </div>
    </DropZone>
  );
}

function NextBill({ start }: { start: Start }) {
  return (
    <DropZone slim label="Upload a bill" primary busy={start.isPending} onFile={start.mutate}>
      <p className="min-w-0 flex-1 basis-80 text-ink-2">
        FOCUS 1.0 to 1.4, or a bill of AWS, Azure, Google Cloud or OCI; CSV or Parquet, plain, gzip, zstd or
        zip. A bill for a month you already have waits for your decision before anything changes.
      </p>
    </DropZone>
  );
}

function History({ uploads, children }: { uploads: Upload[]; children: React.ReactNode }) {
  const [deleting, setDeleting] = useState<Upload | null>(null);
  const mayDelete = useMay("uploads:write");
  return (
    <section className="mt-8">
      <h2 className="text-[15px] font-semibold">Uploads</h2>
      <ScrollRegion label="Uploads" className="card mt-3">
        <table className="w-full min-w-[760px]">
          <thead>
            <tr className="border-b border-line text-[13px] text-ink-3 *:px-4 *:py-2.5 *:font-medium">
              <th scope="col" className="text-start">
                File
              </th>
              <th scope="col" className="text-start">
                State
              </th>
              <th scope="col" className="text-start">
                Billing periods
              </th>
              <th scope="col" className="text-end">
                Rows
              </th>
              <th scope="col" className="text-end">
                Billed
              </th>
              <th scope="col" className="text-start">
                Uploaded
              </th>
              <th scope="col">
                <span className="sr-only">Delete</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {uploads.map((upload) => (
              <UploadRow
                key={upload.id}
                upload={upload}
                onDelete={mayDelete ? () => setDeleting(upload) : null}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <div className="mt-3">{children}</div>
      <DeleteDialog upload={deleting} onClose={() => setDeleting(null)} />
    </section>
  );
}

function UploadRow({ upload, onDelete }: { upload: Upload; onDelete: (() => void) | null }) {
  return (
    <tr className="border-b border-line align-top last:border-0 *:px-4 *:py-3 hover:bg-sunken/60">
      <th scope="row" className="max-w-80 text-start font-normal">
        <Link
          to={paths.upload(upload.id)}
          className="font-medium break-words hover:text-accent hover:underline"
        >
          {upload.fileName}
        </Link>
        <span className="block text-[13px] text-ink-3">
          {[upload.format, sizeLabel(upload.sizeBytes), upload.sample && "sample"]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </th>
      <td>
        <Badge tone={statusTone(upload)}>{statusText(upload)}</Badge>
        {upload.failure && (
          <span className="block text-[13px] text-ink-3">{failurePlace(upload.failure)}</span>
        )}
      </td>
      <td>{periods(upload)}</td>
      <td className="text-end">{upload.rows ? displayCount(upload.rows.written) : ""}</td>
      <td className="text-end">
        {billedTotals(upload).map((total) => (
          <div key={total.currency}>
            <Amount value={total.BilledCost} currency={total.currency} code />
          </div>
        ))}
      </td>
      <td className="whitespace-nowrap">
        <time dateTime={upload.createdAt} title={timeLabel(upload.createdAt)}>
          {agoLabel(upload.createdAt)}
        </time>
      </td>
      <td className="text-end">
        {onDelete && (
          <Button
            variant="quiet"
            size="sm"
            aria-label={`Delete ${upload.fileName}`}
            title="Delete"
            onClick={onDelete}
          >
            <Icon name="trash" />
          </Button>
        )}
      </td>
    </tr>
  );
}

function failurePlace({ row, column, rule }: NonNullable<Upload["failure"]>): string {
  const place = [row != null && `row ${displayCount(row)}`, column].filter(Boolean).join(", ");
  return place || rule;
}

function periods(upload: Upload): string {
  const all = [...new Set(upload.bills.map((bill) => bill.billingPeriod))].sort();
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return "";
  if (all.length <= 2) return all.map(monthLabel).join(", ");
  return `${monthLabel(first)} – ${monthLabel(last)} (${all.length})`;
}
