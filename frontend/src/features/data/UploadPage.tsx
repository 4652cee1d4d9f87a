import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, type LoaderFunctionArgs, useNavigate, useParams } from "react-router";
import { useMay } from "~/api/account";
import { ApiError } from "~/api/problem";
import { uploadQuery } from "~/api/queries";
import { billsChanged, prefetch } from "~/api/query-client";
import type { Upload } from "~/api/types";
import { paths } from "~/app/paths";
import { sizeLabel, timeLabel } from "~/lib/dates";
import { displayCount } from "~/lib/money";
import { Button, ButtonLink } from "~/ui/Button";
import { Icon } from "~/ui/Icon";
import { Notice } from "~/ui/Notice";
import { Page, Panel } from "~/ui/Page";
import { ErrorState, Loading, Skeleton } from "~/ui/States";
import { Bills } from "./Bills";
import { ConfirmDialog } from "./ConfirmDialog";
import { DeleteDialog } from "./DeleteDialog";
import { DropZone } from "./DropZone";
import { Stepper } from "./Stepper";
import { sendAgain, useTransfer } from "./transfer";
import { useStartUpload } from "./useStartUpload";
import { Warnings } from "./Warnings";

export const loader = ({ params }: LoaderFunctionArgs) => prefetch(uploadQuery(params.uploadId ?? ""));

export function Component() {
  const { uploadId = "" } = useParams();
  const { data: upload, error, refetch } = useQuery(uploadQuery(uploadId));
  // Another company's upload and none at all look the same, on purpose.
  if (error instanceof ApiError && error.status === 404) throw error;
  if (upload) return <Watched key={upload.id} upload={upload} />;
  return (
    <Page title="Upload" above={<BackLink />}>
      {error ? (
        <ErrorState error={error} retry={() => refetch()} />
      ) : (
        <Loading label="Loading the upload">
          <Skeleton className="h-40" />
          <Skeleton className="mt-5 h-64" />
        </Loading>
      )}
    </Page>
  );
}

function Watched({ upload }: { upload: Upload }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<Upload | null>(null);
  const mayChange = useMay("uploads:write");
  const seesCosts = useMay("costs:read");
  useRefreshWhenDone(upload);
  return (
    <Page
      title={upload.fileName}
      above={<BackLink />}
      intro={[
        upload.format,
        sizeLabel(upload.sizeBytes),
        upload.rows && `${displayCount(upload.rows.written)} rows`,
        `uploaded ${timeLabel(upload.createdAt)}`,
      ]
        .filter(Boolean)
        .join(" · ")}
      aside={
        <div className="flex gap-2">
          {mayChange && (
            <Button onClick={() => setDeleting(upload)}>
              <Icon name="trash" /> Delete
            </Button>
          )}
          {upload.status === "completed" && seesCosts && (
            <ButtonLink to={paths.overview} variant="primary">
              See the Overview <Icon name="arrow" />
            </ButtonLink>
          )}
        </div>
      }
    >
      <div className="grid gap-5">
        <section className="card p-6">
          <h2 className="sr-only">Progress</h2>
          <Stepper upload={upload} />
        </section>
        <Attention upload={upload} />
        {upload.warnings.length > 0 && (
          <Panel title="Warnings">
            <Warnings upload={upload} />
          </Panel>
        )}
        {upload.bills.length > 0 && (
          <Panel title="Bills in this file">
            <Bills bills={upload.bills} />
          </Panel>
        )}
      </div>
      <DeleteDialog
        upload={deleting}
        onClose={() => setDeleting(null)}
        onDeleted={() => navigate(paths.data)}
      />
    </Page>
  );
}

/** What needs the person: a transfer that broke, a decision, a file that was refused. */
function Attention({ upload }: { upload: Upload }) {
  const transfer = useTransfer(upload.id);
  const undecided = upload.stage === "needs-confirmation";
  const [asking, setAsking] = useState(undecided);
  const mayDecide = useMay("uploads:write");
  useEffect(() => setAsking(undecided), [undecided]);

  if (transfer?.state === "failed") {
    return (
      <Notice
        tone="bad"
        role="alert"
        title="The file was not sent"
        actions={
          <Button size="sm" onClick={() => sendAgain(upload.id)}>
            Send it again
          </Button>
        }
      >
        {transfer.problem}
      </Notice>
    );
  }
  if (undecided) {
    return (
      <>
        <Notice
          tone="warn"
          title="Waiting for your decision"
          actions={
            mayDecide && (
              <Button size="sm" variant="primary" onClick={() => setAsking(true)}>
                Compare and decide
              </Button>
            )
          }
        >
          This file has months that you already have. Nothing changes until you decide.
        </Notice>
        <ConfirmDialog upload={upload} open={asking && mayDecide} onClose={() => setAsking(false)} />
      </>
    );
  }
  if (upload.status === "failed" || upload.stage === "expired") return <Failed upload={upload} />;
  return null;
}

function Failed({ upload }: { upload: Upload }) {
  const start = useStartUpload();
  const { failure } = upload;
  return (
    <div className="grid gap-4">
      <Notice tone="bad" role="alert" title={failure ? "This file was refused" : "This file never arrived"}>
        {failure ? (
          <>
            <p>{failure.detail}</p>
            <dl className="mt-2 flex flex-wrap gap-x-8 gap-y-1 [&_dt]:text-[13px] [&_dt]:text-ink-3">
              <Place name="File" value={failure.file} />
              {failure.row != null && <Place name="Row" value={displayCount(failure.row)} />}
              {failure.column != null && <Place name="Column" value={failure.column} />}
              <Place name="Rule" value={failure.rule} />
            </dl>
            <p className="mt-2">No total was changed.</p>
          </>
        ) : (
          <p>The address for it has expired. Upload it again.</p>
        )}
      </Notice>
      <DropZone slim label="Upload again" busy={start.isPending} onFile={start.mutate}>
        <p className="text-ink-2">
          Mend the file, then upload it again. It starts afresh; this attempt stays in the list.
        </p>
      </DropZone>
      {start.error && <ErrorState error={start.error} />}
    </div>
  );
}

function Place({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="font-mono text-[13px] break-all text-ink">{value}</dd>
    </div>
  );
}

function BackLink() {
  return (
    <Link
      to={paths.data}
      className="mb-3 inline-flex items-center gap-1.5 text-[13px] font-medium text-ink-2 hover:text-ink"
    >
      <Icon name="back" className="size-3.5" /> Data
    </Link>
  );
}

/** When the switch happens while someone watches, every cost on the other pages is stale. */
function useRefreshWhenDone(upload: Upload): void {
  const before = useRef(upload.status);
  useEffect(() => {
    if (before.current !== "completed" && upload.status === "completed") billsChanged();
    before.current = upload.status;
  }, [upload.status]);
}
